#include "delta/src/arrow_column_builder.h"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

namespace delta {
namespace {

// The Arrow C data interface, "Format strings".
std::string format_of(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kString:
      return "u";
    case TypeKind::kBinary:
      return "z";
    case TypeKind::kLong:
      return "l";
    case TypeKind::kInteger:
      return "i";
    case TypeKind::kShort:
      return "s";
    case TypeKind::kByte:
      return "c";
    case TypeKind::kFloat:
      return "f";
    case TypeKind::kDouble:
      return "g";
    case TypeKind::kBoolean:
      return "b";
    case TypeKind::kDate:
      return "tdD";
    case TypeKind::kTimestamp:
      return "tsu:UTC";
    case TypeKind::kTimestampNtz:
      return "tsu:";
    case TypeKind::kDecimal:
      return "d:" + std::to_string(type.precision()) + "," + std::to_string(type.scale());
    case TypeKind::kStruct:
      return "+s";
    case TypeKind::kArray:
      return "+l";
    case TypeKind::kMap:
      return "+m";
    case TypeKind::kVariant:
    case TypeKind::kVoid:
      break;
  }
  throw std::invalid_argument("no Arrow array holds the type " + type.to_string());
}

// Bytes a value; 0 where values have no fixed width.
std::size_t width_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte:
      return 1;
    case TypeKind::kShort:
      return 2;
    case TypeKind::kInteger:
    case TypeKind::kFloat:
    case TypeKind::kDate:
      return 4;
    case TypeKind::kLong:
    case TypeKind::kDouble:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return 8;
    case TypeKind::kDecimal:
      return 16;
    default:
      return 0;
  }
}

bool is_text(TypeKind kind) { return kind == TypeKind::kString || kind == TypeKind::kBinary; }
bool is_list(TypeKind kind) { return kind == TypeKind::kArray || kind == TypeKind::kMap; }

void append_bits(std::vector<std::uint8_t>& bits, std::int64_t from, std::int64_t count, bool set) {
  const std::int64_t end = from + count;
  bits.resize(static_cast<std::size_t>((end + 7) / 8), 0);
  if (!set) return;
  for (std::int64_t i = from; i < end; ++i) {
    bits[static_cast<std::size_t>(i / 8)] |= static_cast<std::uint8_t>(1U << (i % 8));
  }
}

}  // namespace

ArrowColumnBuilder::ArrowColumnBuilder(DataType type, std::string name)
    : type_(std::move(type)), name_(std::move(name)), format_(format_of(type_)) {
  if (type_.kind() == TypeKind::kStruct) {
    for (const StructField& field : type_.fields()) children_.emplace_back(field.type, field.name);
  } else if (type_.kind() == TypeKind::kArray) {
    children_.emplace_back(type_.element(), "element");
  } else if (type_.kind() == TypeKind::kMap) {
    children_.emplace_back(
        DataType::struct_of({{"key", type_.key(), false}, {"value", type_.element()}}), "entries");
  }
  clear();
}

void ArrowColumnBuilder::mark_rows(bool valid, std::int64_t count) {
  append_bits(validity_, length_, count, valid);
  length_ += count;
  if (!valid) null_count_ += count;
}

void ArrowColumnBuilder::append_bytes(const void* bytes, std::size_t size) {
  const std::size_t end = values_.size();
  values_.resize(end + size);
  if (size > 0) std::memcpy(values_.data() + end, bytes, size);
}

void ArrowColumnBuilder::append_offset() {
  const std::size_t end =
      is_text(type_.kind()) ? values_.size() : static_cast<std::size_t>(children_.front().length_);
  if (end > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw std::length_error("an Arrow array of more than 2 GiB");
  }
  offsets_.push_back(static_cast<std::int32_t>(end));
}

void ArrowColumnBuilder::append(bool value) {
  append_bits(values_, length_, 1, value);
  mark_rows(true, 1);
}

void ArrowColumnBuilder::append(std::int64_t value) {
  append_bytes(&value, width_of(type_.kind()));  // little-endian: the low bytes come first
  mark_rows(true, 1);
}

void ArrowColumnBuilder::append(double value) {
  if (type_.kind() == TypeKind::kFloat) {
    const auto narrow = static_cast<float>(value);
    append_bytes(&narrow, sizeof narrow);
  } else {
    append_bytes(&value, sizeof value);
  }
  mark_rows(true, 1);
}

void ArrowColumnBuilder::append(std::string_view value) {
  append_bytes(value.data(), value.size());
  append_offset();
  mark_rows(true, 1);
}

void ArrowColumnBuilder::append(__int128 unscaled) {
  append_bytes(&unscaled, sizeof unscaled);
  mark_rows(true, 1);
}

bool ArrowColumnBuilder::append_value(const Value& value) {
  const TypeKind kind = type_.kind();
  const auto append_if = [&](bool fits, auto plain) {
    if (fits) append(plain);
    return fits;
  };
  if (const auto* flag = std::get_if<bool>(&value)) {
    return append_if(kind == TypeKind::kBoolean, *flag);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return append_if(kind == TypeKind::kLong || kind == TypeKind::kInteger ||
                         kind == TypeKind::kShort || kind == TypeKind::kByte,
                     *number);
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return append_if(kind == TypeKind::kDouble || kind == TypeKind::kFloat, *number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return append_if(kind == TypeKind::kString, std::string_view(*text));
  }
  if (const auto* binary = std::get_if<Binary>(&value)) {
    return append_if(kind == TypeKind::kBinary, std::string_view(binary->bytes));
  }
  if (const auto* date = std::get_if<Date>(&value)) {
    return append_if(kind == TypeKind::kDate, std::int64_t{date->days});
  }
  if (const auto* time = std::get_if<Timestamp>(&value)) {
    return append_if(kind == TypeKind::kTimestamp, time->micros);
  }
  if (const auto* time = std::get_if<TimestampNtz>(&value)) {
    return append_if(kind == TypeKind::kTimestampNtz, time->micros);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value)) {
    return append_if(kind == TypeKind::kDecimal && decimal->scale == type_.scale(),
                     decimal->unscaled);
  }
  return false;
}

ArrowColumnBuilder& ArrowColumnBuilder::field(std::size_t index) {
  ArrowColumnBuilder& child = children_[index];
  child.append_nulls(length_ - child.length_);
  return child;
}

void ArrowColumnBuilder::finish_row() {
  if (is_list(type_.kind())) append_offset();
  mark_rows(true, 1);
}

void ArrowColumnBuilder::append_nulls(std::int64_t count) {
  if (count <= 0) return;
  const auto rows = static_cast<std::size_t>(count);
  if (const std::size_t width = width_of(type_.kind())) {
    values_.resize(values_.size() + rows * width, 0);
  } else if (type_.kind() == TypeKind::kBoolean) {
    append_bits(values_, length_, count, false);
  } else if (!offsets_.empty()) {
    offsets_.insert(offsets_.end(), rows, offsets_.back());
  }
  mark_rows(false, count);
}

std::size_t ArrowColumnBuilder::bytes() const {
  std::size_t sum = validity_.size() + values_.size() + offsets_.size() * sizeof(std::int32_t);
  for (const ArrowColumnBuilder& child : children_) sum += child.bytes();
  return sum;
}

void ArrowColumnBuilder::clear() {
  length_ = 0;
  null_count_ = 0;
  validity_.clear();
  values_.clear();
  offsets_.clear();
  if (is_text(type_.kind()) || is_list(type_.kind())) offsets_.push_back(0);
  for (ArrowColumnBuilder& child : children_) child.clear();
}

const ArrowSchema& ArrowColumnBuilder::schema() {
  schema_children_.clear();
  for (ArrowColumnBuilder& child : children_) {
    child.schema();
    schema_children_.push_back(&child.schema_);
  }
  schema_ = {};
  schema_.format = format_.c_str();
  schema_.name = name_.c_str();
  schema_.flags = ARROW_FLAG_NULLABLE;
  schema_.n_children = static_cast<std::int64_t>(children_.size());
  schema_.children = schema_children_.data();
  schema_.release = [](ArrowSchema* schema) { schema->release = nullptr; };
  if (type_.kind() == TypeKind::kMap) {  // neither entries nor keys are ever null
    schema_.children[0]->flags = 0;
    schema_.children[0]->children[0]->flags = 0;
  }
  return schema_;
}

const ArrowArray& ArrowColumnBuilder::array() {
  array_children_.clear();
  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (type_.kind() == TypeKind::kStruct) field(i);  // its last rows may be missing yet
    children_[i].array();
    array_children_.push_back(&children_[i].array_);
  }
  buffers_.assign(1, null_count_ > 0 ? validity_.data() : nullptr);
  if (!offsets_.empty()) buffers_.push_back(offsets_.data());
  if (!type_.is_nested()) buffers_.push_back(values_.data());
  array_ = {};
  array_.length = length_;
  array_.null_count = null_count_;
  array_.n_buffers = static_cast<std::int64_t>(buffers_.size());
  array_.buffers = buffers_.data();
  array_.n_children = static_cast<std::int64_t>(children_.size());
  array_.children = array_children_.data();
  array_.release = [](ArrowArray* array) { array->release = nullptr; };
  return array_;
}

}  // namespace delta
