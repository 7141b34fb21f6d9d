#include "duck/parquet_scan_internal.h"

#include <duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp>

#include "duck/file_scan_internal.h"

namespace duck {

duckdb::TableFunction parquet_scan(duckdb::ExtensionLoader& loader) {
  const duckdb::vector<duckdb::LogicalType> one_path = {duckdb::LogicalType::VARCHAR};
  for (duckdb::TableFunction scan : loader.GetTableFunction("parquet_scan").functions.functions) {
    if (scan.arguments != one_path) continue;
    scan.bind = duckdb::MultiFileFunction<FileScanInterface>::MultiFileBind;
    scan.named_parameters.clear();
    scan.statistics = nullptr;
    scan.get_partition_stats = nullptr;
    scan.SetSerializeCallback(nullptr);
    scan.SetDeserializeCallback(nullptr);
    return scan;
  }
  throw duckdb::InternalException("parquet_scan does not take one path");
}

}  // namespace duck
