// Actions as rows of a checkpoint or a sidecar.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "delta/actions.h"
#include "delta/src/arrow_column_builder.h"
#include "delta/src/checkpoint_columns.h"

namespace delta {

// A batch of rows of a Parquet file with file_action_columns() and, when `with_table_actions`,
// table_action_columns() after them.
class CheckpointRows {
 public:
  // Of the table at `location`.
  CheckpointRows(std::string location, const CheckpointColumns& columns, bool with_table_actions);
  ~CheckpointRows();
  CheckpointRows(const CheckpointRows&) = delete;
  CheckpointRows& operator=(const CheckpointRows&) = delete;

  const Schema& schema() const { return schema_; }

  void append(const AddFile& add);
  void append(const RemoveFile& remove);
  void append(const Protocol& protocol);
  void append(const Metadata& metadata);
  void append(const SetTransaction& transaction);
  void append(const DomainMetadata& domain);

  // The rows so far, to be handed on and then forgotten.
  ArrowColumnBuilder& rows() { return *rows_; }

 private:
  class ParsedStatistics;

  void append_partition_values(ArrowColumnBuilder& target, const AddFile& add);

  std::string location_;
  CheckpointColumns columns_;
  Schema schema_;
  std::optional<ArrowColumnBuilder> rows_;
  std::unique_ptr<ParsedStatistics> parsed_statistics_;
};

}  // namespace delta
