#include "delta/file_partition_value.h"

#include <string>
#include <utility>

#include "base/error.h"

namespace delta {

Value partition_value(const AddFile& file, const StructField& field,
                      const Partitioning& partitioning) {
  const std::string& name = physical_name(field, partitioning.mapping);
  const auto entry = file.partition_values.find(name);
  try {
    if (entry != file.partition_values.end()) {
      return parse_partition_value(entry->second, field.type);
    }
    if (file.partition_values.size() < partitioning.columns) return {};
    throw base::Error(
        base::Stage::kRuntime, "DELTA_PARTITION_VALUE_INVALID",
        "there is no partition value under the name '" + name + "', but there are others");
  } catch (const base::Error& error) {
    const std::string table(partitioning.location);
    base::Error::Details details = error.details();
    details.insert({{"path", table}, {"file", file.path}, {"column", field.name}});
    throw base::Error(error.stage(), error.code(),
                      error.message() + ": column '" + field.name + "' of file '" + file.path +
                          "' of table " + table,
                      std::move(details));
  }
}

}  // namespace delta
