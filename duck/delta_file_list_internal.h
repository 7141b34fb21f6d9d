// The files that a scan of a Delta table reads.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_list.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "delta/data_skipping.h"
#include "delta/predicate.h"
#include "duck/delta_table.h"

namespace duck {

// The files of a snapshot that may hold rows for which all conditions pushed so far are true.
// It never changes once `open` was called.
class DeltaFileList final : public duckdb::MultiFileList {
 public:
  // A list of nothing yet, for the table at `location`.
  explicit DeltaFileList(std::string location) : location_(std::move(location)) {}

  const std::string& location() const { return location_; }

  // Takes all files of `table`.
  void open(std::shared_ptr<const DeltaTable> table);
  // Takes those with these indices in the snapshot, in this order, to be read by `most_threads`;
  // 0: by as many as there are.
  void open(std::shared_ptr<const DeltaTable> table, std::vector<std::size_t> files,
            std::size_t most_threads = 0);

  const DeltaTable& table() const { return *table_; }
  std::size_t most_threads() const { return most_threads_; }
  // Files left out by what the log says of them.
  const delta::SkippingCounts& counts() const { return counts_; }

  // The index in the snapshot of a file of this list.
  static std::size_t file_index(const duckdb::OpenFileInfo& file);

  // The number of rows, when the log tells it for all files.
  std::optional<std::int64_t> exact_rows() const;

  duckdb::unique_ptr<duckdb::MultiFileList> ComplexFilterPushdown(
      duckdb::ClientContext& context, const duckdb::MultiFileOptions& options,
      duckdb::MultiFilePushdownInfo& info,
      duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> DynamicFilterPushdown(
      duckdb::ClientContext& context, const duckdb::MultiFileOptions& options,
      const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types,
      const duckdb::vector<duckdb::column_t>& column_ids,
      duckdb::TableFilterSet& filters) const override;
  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override;
  duckdb::FileExpandResult GetExpandResult() const override;
  duckdb::idx_t GetTotalFileCount() const override;
  duckdb::vector<duckdb::OpenFileInfo> GetDisplayFileList(
      duckdb::optional_idx max_files) const override;
  duckdb::unique_ptr<duckdb::NodeStatistics> GetCardinality(
      duckdb::ClientContext& context) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> Copy() const override;

 protected:
  duckdb::OpenFileInfo GetFile(duckdb::idx_t i) const override;

 private:
  // Leaves out the files that cannot meet `condition`. Returns what that was due to.
  delta::SkippingCounts restrict(const delta::Predicate& condition);
  // Leaves out the files whose index in the snapshot does not meet `condition`.
  void restrict_indices(const delta::Predicate& condition);
  const delta::AddFile& file(std::size_t i) const;

  std::string location_;
  std::shared_ptr<const DeltaTable> table_;
  // Indices into the snapshot's files, in the order in which they are read.
  std::vector<std::size_t> kept_;
  std::size_t most_threads_ = 0;
  delta::SkippingCounts counts_;
};

}  // namespace duck
