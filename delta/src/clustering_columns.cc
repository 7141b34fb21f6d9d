#include "delta/clustering_columns.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "delta/column_mapping.h"

namespace delta {
namespace {

constexpr const char* kDomain = "delta.clustering";

[[noreturn]] void corrupt(const Snapshot& snapshot, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_LOG_CORRUPT",
                    "table '" + snapshot.location() + "': the domain " + kDomain + " " + what,
                    {{"path", snapshot.location()}});
}

// The logical names of a path of physical names.
std::vector<std::string> logical_path(const Snapshot& snapshot,
                                      const std::vector<std::string>& physical) {
  const ColumnMapping mapping = column_mapping(snapshot.protocol(), snapshot.metadata());
  std::vector<std::string> logical;
  const std::vector<StructField>* fields = &snapshot.schema().fields;
  for (const std::string& name : physical) {
    const StructField* found = nullptr;
    if (fields != nullptr) {
      for (const StructField& field : *fields) {
        if (physical_name(field, mapping) == name) found = &field;
      }
    }
    if (found == nullptr) corrupt(snapshot, "names the column '" + name + "' that is not there");
    logical.push_back(found->name);
    fields = found->type.kind() == TypeKind::kStruct ? &found->type.fields() : nullptr;
  }
  return logical;
}

}  // namespace

std::vector<std::vector<std::string>> clustering_columns(const Snapshot& snapshot) {
  const auto domain = snapshot.domain_metadata().find(kDomain);
  if (domain == snapshot.domain_metadata().end() || domain->second.removed) return {};
  const auto json = nlohmann::json::parse(domain->second.configuration, nullptr, false);
  std::vector<std::vector<std::string>> physical;
  try {
    physical = json.at("clusteringColumns").get<std::vector<std::vector<std::string>>>();
  } catch (const nlohmann::json::exception&) {
    corrupt(snapshot, "has no list clusteringColumns");
  }
  std::vector<std::vector<std::string>> columns;
  for (const auto& path : physical) columns.push_back(logical_path(snapshot, path));
  return columns;
}

DomainMetadata clustering_domain(const Protocol& protocol, const Metadata& metadata,
                                 const std::vector<std::vector<std::string>>& columns) {
  const ColumnMapping mapping = column_mapping(protocol, metadata);
  const Schema schema = parse_schema(metadata.schema_string);
  nlohmann::json paths = nlohmann::json::array();
  for (const auto& logical : columns) {
    nlohmann::json path = nlohmann::json::array();
    Schema inside = schema;
    for (const std::string& name : logical) {
      const StructField* const field = inside.find(name);
      if (!field) {
        throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                          "the table cannot be clustered by '" + name + "', which is not there",
                          {{"column", name}});
      }
      path.push_back(physical_name(*field, mapping));
      const DataType type = field->type;
      inside.fields = type.kind() == TypeKind::kStruct ? type.fields() : std::vector<StructField>{};
    }
    if (std::ranges::find(paths, path) != paths.end()) {
      throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                        "the table cannot be clustered by '" + logical.back() + "' twice",
                        {{"column", logical.back()}});
    }
    paths.push_back(std::move(path));
  }
  return {kDomain, nlohmann::json({{"clusteringColumns", std::move(paths)}}).dump(), false};
}

}  // namespace delta
