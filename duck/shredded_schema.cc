#include "duck/shredded_schema_internal.h"

#include <algorithm>
#include <string>
#include <utility>

namespace duck {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ParquetColumnSchema;
using duckdb_parquet::FileMetaData;

[[noreturn]] void refuse(const ParquetColumnSchema& part, const std::string& why) {
  throw duckdb::InvalidInputException("part '" + part.name + "' of a variant " + why);
}

void restore_name(ParquetColumnSchema& part, const FileMetaData& footer) {
  if (part.schema_index.IsValid()) part.name = footer.schema[part.schema_index.GetIndex()].name;
}

// Those that a variant can have a value of.
bool is_simple(const ParquetColumnSchema& part) {
  switch (part.type.id()) {
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIME:
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB:
    case LogicalTypeId::UUID:
      return true;
    case LogicalTypeId::TIMESTAMP_TZ:
      // DuckDB reads nanoseconds as microseconds.
      return part.type_info != duckdb::ParquetExtraTypeInfo::UNIT_NS;
    default:
      return false;
  }
}

// Of a variant, of an element or of a field: what did not fit a type, and what did.
class Settling {
 public:
  explicit Settling(const FileMetaData& footer) : footer_(footer) {}

  void settle(ParquetColumnSchema& group, bool has_metadata) const {
    if (group.type.id() != LogicalTypeId::STRUCT && group.type.id() != LogicalTypeId::VARIANT) {
      refuse(group, "is no group");
    }
    bool has_names = false;
    for (ParquetColumnSchema& part : group.children) {
      const bool is_names = has_metadata && part.name == "metadata";
      if (is_names || part.name == "value") {
        if (part.type.id() != LogicalTypeId::BLOB) refuse(part, "is no binary");
      } else if (part.name == "typed_value") {
        settle_typed(part);
      } else {
        refuse(part, "is not known");
      }
      has_names = has_names || is_names;
    }
    if (has_names != has_metadata || group.children.size() == (has_metadata ? 1 : 0)) {
      refuse(group, "lacks a part");
    }
    group.type = struct_of(group.children);
  }

 private:
  void settle_typed(ParquetColumnSchema& typed) const {
    if (typed.type.id() == LogicalTypeId::LIST && typed.children.size() == 1) {
      settle(typed.children.front(), false);
      typed.type = LogicalType::LIST(typed.children.front().type);
    } else if (typed.type.id() == LogicalTypeId::STRUCT) {
      for (ParquetColumnSchema& field : typed.children) {
        restore_name(field, footer_);
        settle(field, false);
      }
      typed.type = struct_of(typed.children);
    } else if (!is_simple(typed)) {
      refuse(typed, "has type " + typed.type.ToString() + ", which is not read");
    }
  }

  const FileMetaData& footer_;
};

}  // namespace

LogicalType struct_of(const duckdb::vector<ParquetColumnSchema>& parts) {
  duckdb::child_list_t<LogicalType> fields;
  for (const ParquetColumnSchema& part : parts) fields.emplace_back(part.name, part.type);
  return LogicalType::STRUCT(std::move(fields));
}

bool is_shredded_variant(const ParquetColumnSchema& column) {
  const auto is_plain = [](const ParquetColumnSchema& part) {
    return part.name == "value" || part.name == "metadata";
  };
  return column.children.size() != 2 || !std::ranges::all_of(column.children, is_plain);
}

void settle_shredded_variant(ParquetColumnSchema& column, const FileMetaData& footer) {
  Settling(footer).settle(column, true);
}

}  // namespace duck
