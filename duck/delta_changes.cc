#include "duck/delta_changes.h"

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_states.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <string>
#include <utility>

#include "duck/change_file_list_internal.h"
#include "duck/delta_changes_reader_internal.h"
#include "duck/parquet_scan_internal.h"

namespace duck {
namespace {

using duckdb::LogicalType;

struct ChangesInfo final : public duckdb::TableFunctionInfo {
  ChangesInfo(std::shared_ptr<SnapshotCache> cache, duckdb::table_function_bind_t bind_files)
      : tables(std::move(cache)), bind(bind_files) {}
  const std::shared_ptr<SnapshotCache> tables;
  const duckdb::table_function_bind_t bind;
};

duckdb::unique_ptr<duckdb::MultiFileReader> make_reader(const duckdb::TableFunction& function) {
  return duckdb::make_uniq<DeltaChangesReader>(function.function_info->Cast<ChangesInfo>().tables);
}

// Takes what stands after the path for the named parameters of that meaning.
duckdb::unique_ptr<duckdb::FunctionData> bind_changes(duckdb::ClientContext& context,
                                                      duckdb::TableFunctionBindInput& input,
                                                      duckdb::vector<LogicalType>& types,
                                                      duckdb::vector<std::string>& names) {
  constexpr const char* kNames[] = {"from_version", "to_version"};
  for (std::size_t i = 1; i < input.inputs.size(); ++i) {
    const auto [entry, is_new] = input.named_parameters.emplace(kNames[i - 1], input.inputs[i]);
    if (!is_new) throw duckdb::BinderException("delta_changes: %s is given twice", entry->first);
  }
  return input.info->Cast<ChangesInfo>().bind(context, input, types, names);
}

// For EXPLAIN.
duckdb::InsertionOrderPreservingMap<std::string> describe(
    duckdb::TableFunctionToStringInput& input) {
  const auto& binding = input.bind_data->Cast<duckdb::MultiFileBindData>();
  const auto& files = binding.file_list->Cast<ChangeFileList>();
  duckdb::InsertionOrderPreservingMap<std::string> out;
  out["Table"] = files.location();
  out["Files"] = std::to_string(files.GetTotalFileCount());
  return out;
}

}  // namespace

void add_delta_changes(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> tables) {
  duckdb::TableFunction changes = parquet_scan(loader);
  changes.name = "delta_changes";
  changes.function_info = duckdb::make_shared_ptr<ChangesInfo>(std::move(tables), changes.bind);
  changes.bind = bind_changes;
  changes.get_multi_file_reader = make_reader;
  changes.to_string = describe;
  changes.named_parameters["from_version"] = LogicalType::BIGINT;
  changes.named_parameters["to_version"] = LogicalType::BIGINT;
  changes.named_parameters["version"] = LogicalType::BIGINT;
  changes.named_parameters["selection"] = LogicalType::VARCHAR;  // see added_rows.h
  changes.named_parameters["from_timestamp"] = LogicalType::TIMESTAMP_TZ;
  changes.named_parameters["to_timestamp"] = LogicalType::TIMESTAMP_TZ;
  duckdb::TableFunctionSet overloads(changes.name);
  overloads.AddFunction(changes);
  for (int versions = 0; versions < 2; ++versions) {
    changes.arguments.push_back(LogicalType::BIGINT);
    overloads.AddFunction(changes);
  }
  loader.RegisterFunction(std::move(overloads));
}

}  // namespace duck
