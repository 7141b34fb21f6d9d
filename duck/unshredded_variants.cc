#include "duck/unshredded_variants_internal.h"

#include <array>
#include <duckdb/common/types/uuid.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "delta/variant_encoding.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::ListType;
using duckdb::ListVector;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::StructType;
using duckdb::StructVector;
using duckdb::Vector;

constexpr const char* kMetadata = "metadata";
constexpr const char* kValue = "value";
constexpr const char* kTypedValue = "typed_value";

std::optional<idx_t> field_of(const LogicalType& type, const std::string& name) {
  const auto& fields = StructType::GetChildTypes(type);
  for (idx_t i = 0; i < fields.size(); ++i) {
    if (fields[i].first == name) return i;
  }
  return std::nullopt;
}

LogicalType variant_type() { return to_duckdb(variant_parts()); }

// Other structs have no such field that the table's lack: see align_columns. What else it has has
// been settled: see settle_shredded_variant.
bool is_shredded(const LogicalType& stored, const LogicalType& wanted) {
  return stored.id() == LogicalTypeId::STRUCT && field_of(stored, kTypedValue) &&
         wanted == variant_type();
}

// A column of a chunk, in the order of its rows.
class Values {
 public:
  Values(Vector& vector, idx_t count) : vector_(vector) { vector.Flatten(count); }

  bool is_null(idx_t row) const { return FlatVector::IsNull(vector_, row); }
  template <typename T>
  const T& at(idx_t row) const {
    return FlatVector::GetData<T>(vector_)[row];
  }
  std::string_view text(idx_t row) const {
    const auto& text = at<duckdb::string_t>(row);
    return {text.GetData(), text.GetSize()};
  }
  const LogicalType& type() const { return vector_.GetType(); }

 private:
  Vector& vector_;
};

__int128 wide(const duckdb::hugeint_t& value) {
  return static_cast<__int128>(static_cast<unsigned __int128>(value.upper) << 64 | value.lower);
}

std::string decimal_value(const Values& values, idx_t row) {
  const int scale = duckdb::DecimalType::GetScale(values.type());
  switch (values.type().InternalType()) {
    case duckdb::PhysicalType::INT16:
      return delta::variant_decimal(values.at<std::int16_t>(row), scale);
    case duckdb::PhysicalType::INT32:
      return delta::variant_decimal(values.at<std::int32_t>(row), scale);
    case duckdb::PhysicalType::INT64:
      return delta::variant_decimal(values.at<std::int64_t>(row), scale);
    default:
      return delta::variant_decimal(wide(values.at<duckdb::hugeint_t>(row)), scale);
  }
}

std::string uuid_value(const duckdb::hugeint_t& value) {
  std::array<std::uint8_t, 16> bytes{};
  duckdb::BaseUUID::ToBlob(value, bytes.data());
  return delta::variant_uuid(bytes);
}

[[noreturn]] void invalid(const std::string& why) {
  throw base::Error(base::Stage::kRuntime, "DELTA_VARIANT_INVALID", "a variant is invalid: " + why);
}

std::string simple_value(const Values& values, idx_t row) {
  switch (values.type().id()) {
    case LogicalTypeId::BOOLEAN:
      return delta::variant_of(values.at<bool>(row));
    case LogicalTypeId::TINYINT:
      return delta::variant_of(std::int64_t{values.at<std::int8_t>(row)});
    case LogicalTypeId::SMALLINT:
      return delta::variant_of(std::int64_t{values.at<std::int16_t>(row)});
    case LogicalTypeId::INTEGER:
      return delta::variant_of(std::int64_t{values.at<std::int32_t>(row)});
    case LogicalTypeId::BIGINT:
      return delta::variant_of(values.at<std::int64_t>(row));
    case LogicalTypeId::FLOAT:
      return delta::variant_of(values.at<float>(row));
    case LogicalTypeId::DOUBLE:
      return delta::variant_of(values.at<double>(row));
    case LogicalTypeId::DECIMAL:
      return decimal_value(values, row);
    case LogicalTypeId::DATE:
      return delta::variant_date(values.at<std::int32_t>(row));
    case LogicalTypeId::TIMESTAMP_TZ:
      return delta::variant_timestamp(values.at<std::int64_t>(row));
    case LogicalTypeId::TIMESTAMP:
      return delta::variant_timestamp_ntz(values.at<std::int64_t>(row));
    case LogicalTypeId::TIMESTAMP_NS:
      return delta::variant_timestamp_ntz_nanos(values.at<std::int64_t>(row));
    case LogicalTypeId::TIME:
      return delta::variant_time(values.at<std::int64_t>(row));
    case LogicalTypeId::VARCHAR:
      return delta::variant_text(values.text(row));
    case LogicalTypeId::BLOB:
      return delta::variant_binary(values.text(row));
    case LogicalTypeId::UUID:
      return uuid_value(values.at<duckdb::hugeint_t>(row));
    default:
      invalid("it has a part of type " + values.type().ToString());
  }
}

// A variant, an element of one or a field: what did not fit a type, and what did.
class Shredded {
 public:
  // `fields`: structs of "value" and "typed_value", or one of them.
  Shredded(Vector& fields, idx_t count) {
    for (idx_t i = 0; i < StructVector::GetEntries(fields).size(); ++i) {
      const std::string& name = StructType::GetChildName(fields.GetType(), i);
      Vector& part = *StructVector::GetEntries(fields)[i];
      if (name == kValue) rest_.emplace(part, count);
      if (name == kTypedValue) set_typed(part, count);
    }
  }

  // Nothing where the field is not there.
  std::optional<std::string> value_at(idx_t row, const delta::VariantNames& names) const {
    const bool has_rest = rest_ && !rest_->is_null(row);
    if (!typed_ || typed_->is_null(row)) {
      return has_rest ? std::optional(std::string(rest_->text(row))) : std::nullopt;
    }
    if (typed_->type().id() == LogicalTypeId::STRUCT) {
      auto fields = has_rest ? delta::variant_fields(rest_->text(row), names)
                             : std::vector<delta::VariantField>{};
      add_fields(row, names, fields);
      return delta::variant_object(std::move(fields));
    }
    if (has_rest) invalid("it has two values in one place");
    if (typed_->type().id() != LogicalTypeId::LIST) return simple_value(*typed_, row);
    const auto& list = typed_->at<duckdb::list_entry_t>(row);
    std::vector<std::string> elements;
    for (idx_t i = list.offset; i < list.offset + list.length; ++i) {
      elements.push_back(children_.front().value_at(i, names).value_or(delta::variant_null()));
    }
    return delta::variant_array(elements);
  }

 private:
  void set_typed(Vector& typed, idx_t count) {
    typed_.emplace(typed, count);
    if (typed.GetType().id() == LogicalTypeId::LIST) {
      Vector& elements = ListVector::GetEntry(typed);
      const idx_t size = ListVector::GetListSize(typed);
      elements.Flatten(size);
      children_.emplace_back(elements, size);
    } else if (typed.GetType().id() == LogicalTypeId::STRUCT) {
      for (const auto& field : StructVector::GetEntries(typed)) {
        children_.emplace_back(*field, count);
      }
    }
  }

  void add_fields(idx_t row, const delta::VariantNames& names,
                  std::vector<delta::VariantField>& fields) const {
    for (idx_t i = 0; i < children_.size(); ++i) {
      auto value = children_[i].value_at(row, names);
      if (!value) continue;
      const std::uint32_t place = names.place_of(StructType::GetChildName(typed_->type(), i));
      fields.push_back({names.at(place), place, std::move(*value)});
    }
  }

  std::optional<Values> rest_;
  std::optional<Values> typed_;
  std::vector<Shredded> children_;  // of the element, or of each field
};

void copy_nulls(Vector& from, Vector& to, idx_t count) {
  FlatVector::Validity(to).Copy(FlatVector::Validity(from), count);
}

void set_text(Vector& target, idx_t row, std::string_view bytes) {
  FlatVector::GetData<duckdb::string_t>(target)[row] =
      duckdb::StringVector::AddStringOrBlob(target, bytes.data(), bytes.size());
}

void unshred_variants(Vector& from, Vector& to, idx_t count) {
  const idx_t metadata_field = *field_of(from.GetType(), kMetadata);
  const Values metadata(*StructVector::GetEntries(from)[metadata_field], count);
  const Shredded shredded(from, count);
  Vector& values = *StructVector::GetEntries(to)[*field_of(to.GetType(), kValue)];
  Vector& names_of = *StructVector::GetEntries(to)[*field_of(to.GetType(), kMetadata)];
  for (idx_t row = 0; row < count; ++row) {
    if (FlatVector::IsNull(from, row)) {
      FlatVector::SetNull(to, row, true);
      continue;
    }
    if (metadata.is_null(row)) invalid("it has no metadata");
    const std::string_view bytes = metadata.text(row);
    set_text(names_of, row, bytes);
    set_text(values, row,
             shredded.value_at(row, delta::VariantNames(bytes)).value_or(delta::variant_null()));
  }
}

// `from` is flattened. `to` is flat, with room for `count` rows.
void unshred(Vector& from, Vector& to, idx_t count) {
  from.Flatten(count);
  if (from.GetType() == to.GetType()) return to.Reference(from);
  if (is_shredded(from.GetType(), to.GetType())) return unshred_variants(from, to, count);
  copy_nulls(from, to, count);
  if (from.GetType().id() == LogicalTypeId::STRUCT) {
    for (idx_t i = 0; i < StructVector::GetEntries(from).size(); ++i) {
      unshred(*StructVector::GetEntries(from)[i], *StructVector::GetEntries(to)[i], count);
    }
    return;
  }
  // Lists, and maps, which are lists of entries.
  const idx_t size = ListVector::GetListSize(from);
  ListVector::Reserve(to, size);
  ListVector::SetListSize(to, size);
  std::copy_n(FlatVector::GetData<duckdb::list_entry_t>(from), count,
              FlatVector::GetData<duckdb::list_entry_t>(to));
  unshred(ListVector::GetEntry(from), ListVector::GetEntry(to), size);
}

void unshred_chunk(duckdb::DataChunk& arguments, duckdb::ExpressionState&, Vector& result) {
  try {
    unshred(arguments.data[0], result, arguments.size());
  } catch (const base::Error& error) {
    throw InvalidVariant{error.message()};
  }
}

}  // namespace

std::optional<LogicalType> unshredded_type(const LogicalType& stored, const LogicalType& wanted) {
  if (stored.id() != wanted.id()) return std::nullopt;
  switch (stored.id()) {
    case LogicalTypeId::STRUCT: {
      if (is_shredded(stored, wanted)) return wanted;
      bool any = false;
      duckdb::child_list_t<LogicalType> fields;
      for (const auto& [name, type] : StructType::GetChildTypes(stored)) {
        const auto same = field_of(wanted, name);
        auto whole =
            same ? unshredded_type(type, StructType::GetChildType(wanted, *same)) : std::nullopt;
        any = any || whole;
        fields.emplace_back(name, whole.value_or(type));
      }
      return any ? std::optional(LogicalType::STRUCT(std::move(fields))) : std::nullopt;
    }
    case LogicalTypeId::LIST: {
      auto element =
          unshredded_type(ListType::GetChildType(stored), ListType::GetChildType(wanted));
      return element ? std::optional(LogicalType::LIST(std::move(*element))) : std::nullopt;
    }
    case LogicalTypeId::MAP: {
      auto value =
          unshredded_type(duckdb::MapType::ValueType(stored), duckdb::MapType::ValueType(wanted));
      if (!value) return std::nullopt;
      return LogicalType::MAP(duckdb::MapType::KeyType(stored), std::move(*value));
    }
    default:
      return std::nullopt;
  }
}

duckdb::unique_ptr<duckdb::Expression> unshredded(duckdb::unique_ptr<duckdb::Expression> column,
                                                  const LogicalType& type) {
  duckdb::ScalarFunction function("unshredded", {column->return_type}, type, unshred_chunk);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> arguments;
  arguments.push_back(std::move(column));
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(type, std::move(function),
                                                            std::move(arguments), nullptr);
}

}  // namespace duck
