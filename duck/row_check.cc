#include "duck/row_check_internal.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"

namespace duck {
namespace {

using delta::DataType;
using delta::TypeKind;
using duckdb::idx_t;
using duckdb::Vector;
using Rows = std::vector<idx_t>;

// In a message, a value is cut off here.
constexpr std::size_t kLongestValue = 80;

bool requires_values(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      return std::ranges::any_of(type.fields(), [](const delta::StructField& field) {
        return !field.nullable || requires_values(field.type);
      });
    case TypeKind::kArray:
      return !type.contains_null() || requires_values(type.element());
    case TypeKind::kMap:
      return !type.contains_null() || requires_values(type.element()) ||
             requires_values(type.key());
    default:
      return false;
  }
}

bool has_null(Vector& flat, const Rows& rows) {
  const auto& validity = duckdb::FlatVector::Validity(flat);
  return std::ranges::any_of(rows, [&](idx_t row) { return !validity.RowIsValid(row); });
}

std::optional<std::string> null_within(Vector& flat, const Rows& rows, const DataType& type,
                                       const std::string& path);

// The path of a part that is null and must not be; `flat` holds that part.
std::optional<std::string> null_part(Vector& flat, const Rows& rows, const DataType& type,
                                     bool nullable, const std::string& path) {
  if (!nullable && has_null(flat, rows)) return path;
  return requires_values(type) ? null_within(flat, rows, type, path) : std::nullopt;
}

Rows elements_of(Vector& flat, const Rows& lists) {
  const auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(flat);
  Rows elements;
  for (const idx_t list : lists) {
    for (idx_t i = 0; i < entries[list].length; ++i) elements.push_back(entries[list].offset + i);
  }
  return elements;
}

std::optional<std::string> null_within(Vector& flat, const Rows& rows, const DataType& type,
                                       const std::string& path) {
  const auto& validity = duckdb::FlatVector::Validity(flat);
  Rows present;
  std::ranges::copy_if(rows, std::back_inserter(present),
                       [&](idx_t row) { return validity.RowIsValid(row); });
  if (type.kind() == TypeKind::kStruct) {
    auto& parts = duckdb::StructVector::GetEntries(flat);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const delta::StructField& field = type.fields()[i];
      auto found =
          null_part(*parts[i], present, field.type, field.nullable, path + "." + field.name);
      if (found) return found;
    }
    return std::nullopt;
  }
  Vector& child = duckdb::ListVector::GetEntry(flat);
  child.Flatten(duckdb::ListVector::GetListSize(flat));
  const Rows elements = elements_of(flat, present);
  if (type.kind() == TypeKind::kArray) {
    return null_part(child, elements, type.element(), type.contains_null(), path + ".element");
  }
  auto& entries = duckdb::StructVector::GetEntries(child);
  auto in_key = null_part(*entries[0], elements, type.key(), false, path + ".key");
  if (in_key) return in_key;
  return null_part(*entries[1], elements, type.element(), type.contains_null(), path + ".value");
}

std::string shortened_value(std::string text) {
  if (text.size() <= kLongestValue) return text;
  text.resize(kLongestValue);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
  return text + "…";
}

}  // namespace

RowCheckpoint::RowCheckpoint(std::string location, const delta::Schema& schema,
                             std::vector<RowCheck> checks)
    : location_(std::move(location)), schema_(schema), checks_(std::move(checks)) {
  for (const delta::StructField& field : schema.fields) {
    requires_values_.push_back(!field.nullable || requires_values(field.type));
  }
}

void RowCheckpoint::pass_not_null(duckdb::DataChunk& chunk) const {
  for (idx_t i = 0; i < schema_.fields.size(); ++i) {
    if (!requires_values_[i]) continue;
    const delta::StructField& field = schema_.fields[i];
    std::optional<std::string> found;
    if (!field.nullable && duckdb::VectorOperations::HasNull(chunk.data[i], chunk.size())) {
      found = field.name;
    } else if (requires_values(field.type)) {
      Vector flat(chunk.data[i].GetType());
      flat.Reference(chunk.data[i]);
      flat.Flatten(chunk.size());
      Rows rows(chunk.size());
      for (idx_t row = 0; row < rows.size(); ++row) rows[row] = row;
      found = null_within(flat, rows, field.type, field.name);
    }
    if (!found) continue;
    throw base::Error(
        base::Stage::kMaterialization, "DELTA_NOT_NULL_VIOLATED",
        "a NULL for the column " + *found + " of " + location_ + ", which is not nullable",
        {{"path", location_}, {"column", *found}});
  }
}

std::string RowCheckpoint::row_text(duckdb::DataChunk& chunk, idx_t row) const {
  std::string text;
  for (idx_t i = 0; i < schema_.fields.size(); ++i) {
    if (!text.empty()) text += ", ";
    text +=
        schema_.fields[i].name + " = " + shortened_value(chunk.data[i].GetValue(row).ToString());
  }
  std::ranges::replace(text, '\n', ' ');
  return text;
}

void RowCheckpoint::pass(duckdb::DataChunk& chunk) const {
  pass_not_null(chunk);
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    duckdb::UnifiedVectorFormat results;
    chunk.data[schema_.fields.size() + i].ToUnifiedFormat(chunk.size(), results);
    const auto* values = duckdb::UnifiedVectorFormat::GetData<bool>(results);
    for (idx_t row = 0; row < chunk.size(); ++row) {
      const idx_t position = results.sel->get_index(row);
      if (results.validity.RowIsValid(position) && values[position]) continue;
      const RowCheck& check = checks_[i];
      const std::string values_of_row = row_text(chunk, row);
      throw base::Error(base::Stage::kMaterialization, "DELTA_CONSTRAINT_VIOLATED",
                        "a row for " + location_ + " violates " + check.name + " (" + check.text +
                            "): " + values_of_row,
                        {{"path", location_},
                         {"constraint", check.name},
                         {"expression", check.text},
                         {"row", values_of_row}});
    }
  }
}

}  // namespace duck
