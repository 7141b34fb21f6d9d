#include "duck/delta_columns_internal.h"

#include <duckdb/parser/expression/constant_expression.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "delta/column_mapping.h"
#include "delta/schema_merge.h"
#include "duck/row_tracking_internal.h"
#include "duck/shredded_schema_internal.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

using delta::ColumnMapping;
using delta::DataType;
using delta::StructField;
using delta::TypeKind;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::MultiFileColumnDefinition;
using duckdb::ParquetColumnSchema;

// Begins the names of a file's columns that are none of the table's, so that none meets one of its.
constexpr std::string_view kOtherColumn = "\x01";

MultiFileColumnDefinition table_column(const StructField& field) {
  MultiFileColumnDefinition column(field.name, to_duckdb(field.type));
  column.default_expression =
      duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(column.type));
  const DataType type = field.type.kind() == TypeKind::kVariant ? variant_parts() : field.type;
  // Parts of arrays and maps stay undeclared: such a value is mapped as a whole, by a cast.
  if (type.kind() == TypeKind::kStruct) {
    for (const StructField& child : type.fields()) column.children.push_back(table_column(child));
  }
  return column;
}

bool is_integer(const LogicalType& type) {
  return type.id() == LogicalTypeId::TINYINT || type.id() == LogicalTypeId::SMALLINT ||
         type.id() == LogicalTypeId::INTEGER;
}

// The type that the values of a leaf can be read as without a cast, given what the table wants.
LogicalType readable_type(const LogicalType& stored, const DataType& wanted) {
  const LogicalType target = to_duckdb(wanted);
  switch (wanted.kind()) {
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: {
      // INT96 says nothing of zones, and writers differ in what they annotate.
      const bool is_timestamp = stored.id() == LogicalTypeId::TIMESTAMP ||
                                stored.id() == LogicalTypeId::TIMESTAMP_TZ ||
                                stored.id() == LogicalTypeId::TIMESTAMP_NS;
      return is_timestamp ? target : stored;
    }
    case TypeKind::kString:
      // Old writers leave strings without annotation.
      return stored.id() == LogicalTypeId::BLOB ? target : stored;
    case TypeKind::kBinary:
      return stored.id() == LogicalTypeId::VARCHAR ? target : stored;
    case TypeKind::kShort:
    case TypeKind::kInteger: {
      const bool widens = is_integer(stored) && duckdb::GetTypeIdSize(stored.InternalType()) <
                                                    duckdb::GetTypeIdSize(target.InternalType());
      return widens ? target : stored;
    }
    case TypeKind::kDecimal: {
      const bool widens = stored.id() == LogicalTypeId::DECIMAL &&
                          duckdb::DecimalType::GetScale(stored) == wanted.scale() &&
                          duckdb::DecimalType::GetWidth(stored) < wanted.precision();
      return widens ? target : stored;
    }
    default:
      return stored;
  }
}

// A column of the file in both forms that DuckDB keeps of it.
struct FileColumn {
  ParquetColumnSchema& schema;
  MultiFileColumnDefinition& definition;

  void set_type(const LogicalType& type) {
    schema.type = type;
    definition.type = type;
  }
  void set_name(const std::string& name) {
    schema.name = name;
    definition.name = name;
  }
};

class Alignment {
 public:
  Alignment(ColumnMapping mapping, const duckdb_parquet::FileMetaData& footer)
      : mapping_(mapping), footer_(footer) {}

  // Names and types the columns (or the fields of one) after those of the table.
  void align_fields(std::vector<FileColumn> columns, const std::vector<StructField>& fields) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (const StructField* field = find_field(columns[i].definition, fields)) {
        columns[i].set_name(field->name);
        align_type(columns[i], field->type);
      } else {
        columns[i].set_name(std::string(kOtherColumn) + std::to_string(i));
      }
    }
  }

 private:
  const StructField* find_field(const MultiFileColumnDefinition& column,
                                const std::vector<StructField>& fields) const {
    if (mapping_ == ColumnMapping::kId && !column.identifier.IsNull()) {
      const std::int64_t id = column.identifier.GetValue<std::int64_t>();
      for (const StructField& field : fields) {
        if (delta::column_id(field) == id) return &field;
      }
      return nullptr;
    }
    if (mapping_ == ColumnMapping::kId) {
      // Columns beside those of the table, such as _change_type.
      for (const StructField& field : fields) {
        if (!delta::column_id(field) && field.name == column.name) return &field;
      }
      return nullptr;
    }
    const StructField* similar = nullptr;
    for (const StructField& field : fields) {
      const std::string& name = delta::physical_name(field, mapping_);
      if (name == column.name) return &field;
      if (duckdb::StringUtil::CIEquals(name, column.name)) similar = &field;
    }
    return similar;
  }

  void align_type(FileColumn column, const DataType& wanted) const {
    if (wanted.kind() == TypeKind::kVariant) return align_variant(column);
    switch (column.schema.type.id()) {
      case LogicalTypeId::STRUCT:
        if (wanted.kind() == TypeKind::kStruct) align_struct(column, wanted);
        return;
      case LogicalTypeId::LIST:
        if (wanted.kind() == TypeKind::kArray) align_list(column, wanted);
        break;
      case LogicalTypeId::MAP:
        if (wanted.kind() == TypeKind::kMap) align_map(column, wanted);
        break;
      default:
        if (column.schema.children.empty()) {
          column.set_type(readable_type(column.schema.type, wanted));
        }
        break;
    }
    // See table_column.
    column.definition.children.clear();
  }

  void align_struct(FileColumn column, const DataType& wanted) const {
    align_fields(parts(column), wanted.fields());
    column.set_type(struct_of(column.schema.children));
  }

  void align_variant(FileColumn column) const {
    // What DuckDB would decode when the file says that it is a variant is left as it is stored.
    column.schema.schema_type = duckdb::ParquetColumnSchemaType::COLUMN;
    if (is_shredded_variant(column.schema)) {
      settle_shredded_variant(column.schema, footer_);
      column.set_type(column.schema.type);
    } else {
      Alignment(ColumnMapping::kNone, footer_).align_struct(column, variant_parts());
    }
  }

  void align_list(FileColumn column, const DataType& wanted) const {
    FileColumn element = parts(column).front();
    align_type(element, wanted.element());
    column.set_type(LogicalType::LIST(element.schema.type));
  }

  void align_map(FileColumn column, const DataType& wanted) const {
    FileColumn entry = parts(column).front();
    auto key_and_value = parts(entry);
    if (key_and_value.size() != 2) return;
    align_type(key_and_value[0], wanted.key());
    align_type(key_and_value[1], wanted.element());
    column.set_type(LogicalType::MAP(key_and_value[0].schema.type, key_and_value[1].schema.type));
    entry.set_type(duckdb::ListType::GetChildType(column.schema.type));
  }

  static std::vector<FileColumn> parts(FileColumn column) {
    std::vector<FileColumn> out;
    for (std::size_t i = 0; i < column.schema.children.size(); ++i) {
      out.push_back({column.schema.children[i], column.definition.children[i]});
    }
    return out;
  }

  const ColumnMapping mapping_;
  const duckdb_parquet::FileMetaData& footer_;
};

}  // namespace

bool is_none_of_the_table(const MultiFileColumnDefinition& column) {
  return column.name.starts_with(kOtherColumn);
}

duckdb::vector<MultiFileColumnDefinition> table_columns(const delta::Schema& schema,
                                                        const std::string& location) {
  if (const auto repeated = delta::repeated_name(schema)) {
    const std::string name = delta::to_string(*repeated);
    throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                      "cannot read table '" + location + "': it has the column '" + name +
                          "' twice; case tells no columns apart",
                      {{"path", location}, {"column", name}});
  }
  duckdb::vector<MultiFileColumnDefinition> columns;
  for (const StructField& field : schema.fields) columns.push_back(table_column(field));
  return columns;
}

void align_columns(duckdb::ParquetReader& reader, const delta::Snapshot& snapshot,
                   const delta::Schema& columns) {
  const RowTrackingNames tracked = row_tracking_names(snapshot);
  std::vector<FileColumn> in_file;
  for (std::size_t i = 0; i < reader.columns.size(); ++i) {
    FileColumn column{reader.root_schema->children[i], reader.columns[i]};
    if (column.definition.name == tracked.row_id) {
      column.set_name(kRowIdInFile);
    } else if (column.definition.name == tracked.row_commit_version) {
      column.set_name(kRowCommitVersionInFile);
    } else {
      in_file.push_back(column);
    }
  }
  const auto mapping = delta::column_mapping(snapshot.protocol(), snapshot.metadata());
  Alignment(mapping, *reader.GetFileMetadata()).align_fields(std::move(in_file), columns.fields);
}

}  // namespace duck
