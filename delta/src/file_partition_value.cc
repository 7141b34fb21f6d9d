#include "delta/file_partition_value.h"

#include <string>
#include <utility>

#include "base/error.h"

namespace delta {

Value partition_value(const AddFile& file, const StructField& field, ColumnMapping mapping,
                      std::string_view table) {
  const auto entry = file.partition_values.find(physical_name(field, mapping));
  if (entry == file.partition_values.end()) return {};
  try {
    return parse_partition_value(entry->second, field.type);
  } catch (const base::Error& error) {
    base::Error::Details details = error.details();
    details.insert({{"path", std::string(table)}, {"file", file.path}, {"column", field.name}});
    throw base::Error(error.stage(), error.code(),
                      error.message() + ": column '" + field.name + "' of file '" + file.path +
                          "' of table " + std::string(table),
                      std::move(details));
  }
}

}  // namespace delta
