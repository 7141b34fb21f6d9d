// Makes nested Arrow arrays, row by row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "delta/arrow_c_data.h"
#include "delta/schema.h"
#include "delta/value.h"

namespace delta {

// A column or a part of one. Rows that a struct's field is not given are null; they cost nothing
// until the field is next given a value.
class ArrowColumnBuilder {
 public:
  ArrowColumnBuilder(DataType type, std::string name);
  ArrowColumnBuilder(ArrowColumnBuilder&&) noexcept = default;
  ArrowColumnBuilder& operator=(ArrowColumnBuilder&&) noexcept = default;

  // Each ends a row with a value of the column's type.
  void append(bool value);
  void append(std::int64_t value);  // integers of every width, days, micros
  void append(double value);
  void append(std::string_view value);
  void append(__int128 unscaled);
  // False, and no row, when the value is not one of the column's type.
  bool append_value(const Value& value);

  // Struct: the field to give a value for the row at hand, by its position.
  ArrowColumnBuilder& field(std::size_t index);
  // List: the elements of the row at hand. Map: its entries, structs of key and value.
  ArrowColumnBuilder& elements() { return children_.front(); }
  // Struct, list, map: ends a row that is not null.
  void finish_row();

  void append_nulls(std::int64_t count);

  std::int64_t length() const { return length_; }
  // What the buffers of this column and its parts hold.
  std::size_t bytes() const;
  // Forgets the rows, not the memory.
  void clear();

  // The column as it stands; valid until it is changed. Releasing it does nothing.
  const ArrowSchema& schema();
  const ArrowArray& array();

 private:
  void append_bytes(const void* bytes, std::size_t size);
  void append_offset();
  void mark_rows(bool valid, std::int64_t count);

  DataType type_;
  std::string name_;
  std::string format_;
  std::int64_t length_ = 0;
  std::int64_t null_count_ = 0;
  std::vector<std::uint8_t> validity_;  // a bit a row
  std::vector<std::uint8_t> values_;    // of a fixed width (booleans: a bit), or the text
  std::vector<std::int32_t> offsets_;   // one more than rows, for text, lists and maps
  std::vector<ArrowColumnBuilder> children_;

  ArrowSchema schema_{};
  ArrowArray array_{};
  std::vector<const void*> buffers_;
  std::vector<ArrowSchema*> schema_children_;
  std::vector<ArrowArray*> array_children_;
};

}  // namespace delta
