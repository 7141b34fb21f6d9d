#include "delta/src/arrow_column.h"

#include <cstring>
#include <stdexcept>

namespace delta {
namespace {

// How many buffers an array of this format has at least, validity included.
std::int64_t buffers_of(std::string_view format) {
  if (format == "n") return 0;
  if (format.starts_with("+s") || format.starts_with("+w")) return 1;
  if (format.starts_with("+v")) return 3;
  if (format.starts_with('+')) return 2;
  if (format == "u" || format == "U" || format == "z" || format == "Z") return 3;
  return 2;
}

bool is_one_of(std::string_view format, std::string_view letters) {
  return format.size() == 1 && letters.find(format[0]) != std::string_view::npos;
}

// The width in bytes and the sign of the integers behind a format; width 0 for others.
struct IntegerLayout {
  int width = 0;
  bool is_signed = true;
};

IntegerLayout integer_layout(std::string_view format) {
  if (format == "c") return {1, true};
  if (format == "C") return {1, false};
  if (format == "s") return {2, true};
  if (format == "S") return {2, false};
  if (format == "i" || format == "tdD" || format == "tts" || format == "ttm") return {4, true};
  if (format == "I") return {4, false};
  if (format == "l" || format == "tdm" || format == "ttu" || format == "ttn") return {8, true};
  if (format == "L") return {8, false};
  if (format.starts_with("ts") || format.starts_with("tD")) return {8, true};
  return {};
}

// The bits of a decimal's storage: "d:10,2" is 128, "d:10,2,64" says so itself. 0 for others.
int decimal_bits(std::string_view format) {
  if (!format.starts_with("d:")) return 0;
  const std::size_t first = format.find(',');
  const std::size_t second = first == std::string_view::npos ? first : format.find(',', first + 1);
  if (second == std::string_view::npos) return 128;
  const std::string_view bits = format.substr(second + 1);
  if (bits == "32") return 32;
  if (bits == "64") return 64;
  return bits == "128" ? 128 : 0;
}

template <typename T>
T load(const void* bytes, std::int64_t index) {
  T value;
  std::memcpy(&value,
              static_cast<const char*>(bytes) + index * static_cast<std::int64_t>(sizeof(T)),
              sizeof(T));
  return value;
}

// The 16-byte views of "vu" and "vz": short strings lie inside.
struct StringView {
  std::int32_t length;
  char prefix[4];
  std::int32_t buffer;
  std::int32_t offset;
};
static_assert(sizeof(StringView) == 16);
constexpr std::int32_t kInlineLength = 12;

}  // namespace

ArrowColumn::ArrowColumn(const ArrowSchema& schema, const ArrowArray& array)
    : ArrowColumn(schema, array, array.offset) {}

ArrowColumn::ArrowColumn(const ArrowSchema& schema, const ArrowArray& array, std::int64_t offset)
    : schema_(&schema),
      array_(&array),
      format_(schema.format ? schema.format : ""),
      offset_(offset) {
  const std::int64_t expected_buffers = schema.dictionary ? 2 : buffers_of(format_);
  const bool fits = !format_.empty() && array.n_children == schema.n_children &&
                    array.n_buffers >= expected_buffers &&
                    (array.dictionary == nullptr) == (schema.dictionary == nullptr);
  if (!fits) throw std::invalid_argument("an Arrow array does not fit its schema");
}

void ArrowColumn::no_such_type(std::string_view wanted) const {
  throw std::invalid_argument("Arrow column '" + std::string(schema_->name ? schema_->name : "") +
                              "' of format '" + std::string(format_) + "' is no " +
                              std::string(wanted));
}

template <typename T>
const T* ArrowColumn::buffer(std::int64_t index) const {
  const void* const data = array_->buffers[index];
  if (!data) throw std::invalid_argument("an Arrow array lacks a buffer");
  return static_cast<const T*>(data);
}

bool ArrowColumn::is_null(std::int64_t row) const {
  if (format_ == "n") return true;
  if (array_->null_count == 0 || array_->n_buffers == 0 || !array_->buffers[0]) return false;
  const std::int64_t bit = offset_ + row;
  return (static_cast<const std::uint8_t*>(array_->buffers[0])[bit / 8] >> (bit % 8) & 1) == 0;
}

bool ArrowColumn::boolean(std::int64_t row) const {
  if (format_ != "b") no_such_type("boolean");
  const std::int64_t bit = offset_ + row;
  return (buffer<std::uint8_t>(1)[bit / 8] >> (bit % 8) & 1) != 0;
}

std::int64_t ArrowColumn::integer(std::int64_t row) const {
  const IntegerLayout layout = integer_layout(format_);
  const std::int64_t index = offset_ + row;
  if (layout.width == 0) no_such_type("integer");
  const void* const data = buffer<void>(1);
  switch (layout.width) {
    case 1:
      return layout.is_signed ? load<std::int8_t>(data, index) : load<std::uint8_t>(data, index);
    case 2:
      return layout.is_signed ? load<std::int16_t>(data, index) : load<std::uint16_t>(data, index);
    case 4:
      return layout.is_signed ? static_cast<std::int64_t>(load<std::int32_t>(data, index))
                              : static_cast<std::int64_t>(load<std::uint32_t>(data, index));
    default:
      return load<std::int64_t>(data, index);
  }
}

double ArrowColumn::number(std::int64_t row) const {
  if (format_ == "f") return load<float>(buffer<void>(1), offset_ + row);
  if (format_ == "g") return load<double>(buffer<void>(1), offset_ + row);
  no_such_type("floating-point number");
}

std::string_view ArrowColumn::text(std::int64_t row) const {
  const std::int64_t index = offset_ + row;
  if (schema_->dictionary) {
    const std::int64_t entry = integer(row);
    const ArrowColumn dictionary(*schema_->dictionary, *array_->dictionary);
    if (entry < 0 || entry >= dictionary.length()) {
      throw std::invalid_argument("an Arrow dictionary index is out of range");
    }
    return dictionary.text(entry);
  }
  const auto slice = [&](std::int64_t begin, std::int64_t end) -> std::string_view {
    if (begin == end) return {};
    if (begin < 0 || end < begin) throw std::invalid_argument("Arrow string offsets are wrong");
    return {buffer<char>(2) + begin, static_cast<std::size_t>(end - begin)};
  };
  if (is_one_of(format_, "uz")) {
    const void* const offsets = buffer<void>(1);
    return slice(load<std::int32_t>(offsets, index), load<std::int32_t>(offsets, index + 1));
  }
  if (is_one_of(format_, "UZ")) {
    const void* const offsets = buffer<void>(1);
    return slice(load<std::int64_t>(offsets, index), load<std::int64_t>(offsets, index + 1));
  }
  if (format_ != "vu" && format_ != "vz") no_such_type("string");
  const auto* const views = buffer<StringView>(1);
  const StringView& view = views[index];
  const auto length = static_cast<std::size_t>(view.length);
  if (view.length <= kInlineLength) return {view.prefix, length};
  // Buffers: validity, views, the data buffers, and the sizes of the data buffers.
  if (view.buffer < 0 || view.buffer + 2 >= array_->n_buffers) {
    throw std::invalid_argument("an Arrow string view points nowhere");
  }
  return {buffer<char>(view.buffer + 2) + view.offset, length};
}

__int128 ArrowColumn::decimal(std::int64_t row) const {
  const std::int64_t index = offset_ + row;
  switch (decimal_bits(format_)) {
    case 32:
      return load<std::int32_t>(buffer<void>(1), index);
    case 64:
      return load<std::int64_t>(buffer<void>(1), index);
    case 128:
      return load<__int128>(buffer<void>(1), index);
    default:
      no_such_type("decimal");
  }
}

ArrowColumn::Range ArrowColumn::elements(std::int64_t row) const {
  const std::int64_t index = offset_ + row;
  Range range;
  if (format_ == "+l" || format_ == "+m") {
    const void* const offsets = buffer<void>(1);
    range = {load<std::int32_t>(offsets, index), load<std::int32_t>(offsets, index + 1)};
  } else if (format_ == "+L") {
    const void* const offsets = buffer<void>(1);
    range = {load<std::int64_t>(offsets, index), load<std::int64_t>(offsets, index + 1)};
  } else if (format_ == "+vl") {
    const std::int64_t begin = load<std::int32_t>(buffer<void>(1), index);
    range = {begin, begin + load<std::int32_t>(buffer<void>(2), index)};
  } else if (format_ == "+vL") {
    const std::int64_t begin = load<std::int64_t>(buffer<void>(1), index);
    range = {begin, begin + load<std::int64_t>(buffer<void>(2), index)};
  } else {
    no_such_type("list");
  }
  const bool fits = child_count() == 1 && range.begin >= 0 && range.begin <= range.end &&
                    range.end <= array_->children[0]->length;
  if (!fits) throw std::invalid_argument("Arrow list offsets are wrong");
  return range;
}

std::string_view ArrowColumn::child_name(std::int64_t index) const {
  const char* const name = schema_->children[index]->name;
  return name ? name : "";
}

ArrowColumn ArrowColumn::child(std::int64_t index) const {
  if (index >= child_count()) no_such_type("nested column");
  const ArrowSchema& schema = *schema_->children[index];
  const ArrowArray& array = *array_->children[index];
  // A slice of a struct is one of its fields too; elements of lists are found by offsets.
  const std::int64_t parent_offset = format_ == "+s" ? offset_ : 0;
  return ArrowColumn(schema, array, array.offset + parent_offset);
}

std::optional<ArrowColumn> ArrowColumn::field(std::string_view name) const {
  if (format_ != "+s") no_such_type("struct");
  for (std::int64_t i = 0; i < child_count(); ++i) {
    if (child_name(i) == name) return child(i);
  }
  return std::nullopt;
}

}  // namespace delta
