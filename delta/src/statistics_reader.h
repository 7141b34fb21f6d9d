// Reads chosen leaves out of the JSON statistics of many files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/schema.h"
#include "delta/value.h"

namespace delta {

struct LeafColumn {
  std::vector<std::string> path;  // physical names
  DataType type;
};

// As they stand in the text: a timestamp's maximum may lie up to a millisecond lower than the
// values that it stands for.
struct LeafStatistics {
  std::optional<Value> min;
  std::optional<Value> max;
  std::optional<std::int64_t> null_count;
};

struct ReadStatistics {
  std::optional<std::int64_t> num_records;
  bool tight_bounds = true;
  std::vector<LeafStatistics> leaves;  // as many as there are columns
};

// Not thread-safe: keeps its buffers from file to file.
class StatisticsReader {
 public:
  explicit StatisticsReader(std::vector<LeafColumn> columns);
  ~StatisticsReader();
  StatisticsReader(const StatisticsReader&) = delete;
  StatisticsReader& operator=(const StatisticsReader&) = delete;

  const std::vector<LeafColumn>& columns() const;

  // Nothing when the text is malformed. A value that does not fit its column's type counts as
  // missing. The result is valid until the next call.
  const ReadStatistics* read(std::string_view json);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace delta
