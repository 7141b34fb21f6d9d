#include "delta/column_mapping.h"

#include <algorithm>

#include "base/error.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kModeProperty = "delta.columnMapping.mode";
constexpr const char* kFeature = "columnMapping";

bool is_supported(const Protocol& protocol) {
  if (!protocol.reader_features) return protocol.min_reader_version == 2;
  return std::find(protocol.reader_features->begin(), protocol.reader_features->end(), kFeature) !=
         protocol.reader_features->end();
}

}  // namespace

ColumnMapping column_mapping(const Protocol& protocol, const Metadata& metadata) {
  const std::string mode = word_property(metadata, kModeProperty, "none");
  if (mode == "none" || !is_supported(protocol)) return ColumnMapping::kNone;
  if (mode == "name") return ColumnMapping::kName;
  if (mode == "id") return ColumnMapping::kId;
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "unknown column mapping mode '" + mode + "'",
                    {{"feature", kFeature}, {"mode", mode}});
}

const std::string& physical_name(const StructField& field, ColumnMapping mapping) {
  if (mapping == ColumnMapping::kNone) return field.name;
  const auto name = field.metadata.find(kPhysicalNameKey);
  if (name == field.metadata.end() || !name->is_string()) {
    throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                      "column '" + field.name + "' has no " + kPhysicalNameKey,
                      {{"column", field.name}});
  }
  return name->get_ref<const std::string&>();
}

std::optional<std::int64_t> column_id(const StructField& field) {
  const auto id = field.metadata.find(kColumnIdKey);
  if (id == field.metadata.end() || !id->is_number_integer()) return std::nullopt;
  return id->get<std::int64_t>();
}

StructField unmapped_field(std::string name, TypeKind kind) {
  nlohmann::json metadata = {{kPhysicalNameKey, name}};
  return {
      .name = std::move(name), .type = DataType::primitive(kind), .metadata = std::move(metadata)};
}

}  // namespace delta
