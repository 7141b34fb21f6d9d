#include "base/error.h"
#include "delta/src/statistics_reader.h"
#include "delta/statistics.h"

namespace delta {
namespace {

void append_leaves(const std::vector<StructField>& fields, ColumnMapping mapping,
                   std::vector<std::string>& path, std::vector<LeafColumn>& leaves) {
  for (const StructField& field : fields) {
    path.push_back(physical_name(field, mapping));
    if (field.type.kind() == TypeKind::kStruct) {
      append_leaves(field.type.fields(), mapping, path, leaves);
    } else {
      leaves.push_back({path, field.type});
    }
    path.pop_back();
  }
}

}  // namespace

FileStatistics parse_statistics(std::string_view json, const Schema& schema,
                                ColumnMapping mapping) {
  std::vector<LeafColumn> leaves;
  std::vector<std::string> path;
  append_leaves(schema.fields, mapping, path, leaves);
  StatisticsReader reader(std::move(leaves));
  const ReadStatistics* const read = reader.read(json);
  if (!read || !read->num_records) {
    throw base::Error(base::Stage::kRuntime, "DELTA_STATS_INVALID",
                      "malformed file statistics: " + std::string(json.substr(0, 200)));
  }
  FileStatistics statistics;
  statistics.num_records = *read->num_records;
  statistics.tight_bounds = read->tight_bounds;
  for (std::size_t i = 0; i < read->leaves.size(); ++i) {
    const LeafStatistics& leaf = read->leaves[i];
    if (!leaf.min && !leaf.max && !leaf.null_count) continue;
    statistics.columns.push_back({reader.columns()[i].path, leaf.min, leaf.max, leaf.null_count});
  }
  return statistics;
}

}  // namespace delta
