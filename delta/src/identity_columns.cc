#include "delta/identity_columns.h"

#include <limits>

#include "base/error.h"
#include "delta/rule_keys.h"

namespace delta {
namespace {

constexpr const char* kStep = "delta.identity.step";
constexpr const char* kHighWaterMark = "delta.identity.highWaterMark";
constexpr const char* kExplicit = "delta.identity.allowExplicitInsert";

// Holds every sum and product of two longs.
using Wide = __int128;

[[noreturn]] void invalid(const StructField& field, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                    "the identity column '" + field.name + "' " + what, {{"column", field.name}});
}

std::int64_t integer(const StructField& field, const char* key) {
  const auto value = field.metadata.find(key);
  if (value == field.metadata.end()) invalid(field, "has no " + std::string(key));
  const bool fits =
      value->is_number_integer() &&
      (!value->is_number_unsigned() ||
       value->get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()});
  if (!fits) invalid(field, "has a " + std::string(key) + " that is no long");
  return value->get<std::int64_t>();
}

std::optional<std::int64_t> as_long(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  if (value < std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

// A mark that lies beside the steps, or before the start, counts as the step before it.
std::optional<std::int64_t> first_value(const IdentityColumn& column) {
  if (!column.high_water_mark) return column.start;
  const Wide distance = Wide{*column.high_water_mark} - column.start;
  const bool is_before_start = distance != 0 && (distance < 0) != (column.step < 0);
  if (is_before_start) return column.start;
  return as_long(column.start + (distance / column.step + 1) * column.step);
}

bool is_further(const IdentityColumn& column, std::int64_t mark) {
  if (!column.high_water_mark) return true;
  return column.step > 0 ? mark > *column.high_water_mark : mark < *column.high_water_mark;
}

Schema without_marks(Schema schema) {
  for (StructField& field : schema.fields) {
    if (field.metadata.contains(kIdentityStartKey)) field.metadata.erase(kHighWaterMark);
  }
  return schema;
}

}  // namespace

std::optional<IdentityColumn> identity_column(const StructField& field) {
  const bool has_any = field.metadata.contains(kIdentityStartKey) ||
                       field.metadata.contains(kStep) || field.metadata.contains(kExplicit);
  if (!has_any) return std::nullopt;
  if (field.type.kind() != TypeKind::kLong) {
    invalid(field, "is " + field.type.to_string() + ", not long");
  }
  IdentityColumn column{.name = field.name,
                        .start = integer(field, kIdentityStartKey),
                        .step = integer(field, kStep),
                        .high_water_mark = std::nullopt};
  if (column.step == 0) invalid(field, "has the step 0");
  const auto allowed = field.metadata.find(kExplicit);
  if (allowed == field.metadata.end() || !allowed->is_boolean()) {
    invalid(field, "does not say whether it allows explicit values (" + std::string(kExplicit) +
                       ": true or false)");
  }
  column.allows_explicit_values = allowed->get<bool>();
  if (field.metadata.contains(kHighWaterMark)) {
    column.high_water_mark = integer(field, kHighWaterMark);
  }
  return column;
}

std::vector<IdentityColumn> identity_columns(const Schema& schema) {
  std::vector<IdentityColumn> columns;
  for (const StructField& field : schema.fields) {
    if (auto column = identity_column(field)) columns.push_back(*std::move(column));
  }
  return columns;
}

IdentityValues::IdentityValues(const IdentityColumn& column)
    : name_(column.name), step_(column.step), next_(first_value(column)) {}

std::int64_t IdentityValues::take(std::int64_t count) {
  const std::lock_guard lock(mutex_);
  if (!next_) overflow();
  const std::int64_t first = *next_;
  if (count == 0) return first;
  const auto last = as_long(first + Wide{count - 1} * step_);
  if (!last) overflow();
  last_ = last;
  next_ = as_long(Wide{*last} + step_);
  return first;
}

std::optional<std::int64_t> IdentityValues::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void IdentityValues::overflow() const {
  throw base::Error(base::Stage::kRuntime, "DELTA_IDENTITY_OVERFLOW",
                    "the identity column '" + name_ +
                        "' has no values left: the next one, by the step " + std::to_string(step_) +
                        ", is beyond a long",
                    {{"column", name_}});
}

Metadata with_high_water_marks(const Metadata& metadata,
                               const std::map<std::string, std::int64_t>& marks) {
  Schema schema = parse_schema(metadata.schema_string);
  for (StructField& field : schema.fields) {
    const auto mark = marks.find(field.name);
    if (mark == marks.end()) continue;
    const auto column = identity_column(field);
    if (column && is_further(*column, mark->second)) field.metadata[kHighWaterMark] = mark->second;
  }
  Metadata result = metadata;
  result.schema_string = to_json(schema);
  return result;
}

bool differ_in_high_water_marks_only(const Metadata& left, const Metadata& right) {
  if (left == right) return false;
  Metadata same = left;
  same.schema_string = right.schema_string;
  return same == right && without_marks(parse_schema(left.schema_string)) ==
                              without_marks(parse_schema(right.schema_string));
}

}  // namespace delta
