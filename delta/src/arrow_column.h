// Reads nested Arrow arrays: the formats in which engines hand out Parquet columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "delta/arrow_c_data.h"

namespace delta {

// A column or a part of one. A view: schema and array must outlive it. Rows count from 0 at the
// start of the outermost batch's slice; those of a list's elements come from `elements`.
// Every accessor is for a row that is not null. Constructing throws std::invalid_argument when the
// array does not fit its schema; accessors throw it for a type that the column does not have.
class ArrowColumn {
 public:
  ArrowColumn(const ArrowSchema& schema, const ArrowArray& array);

  std::int64_t length() const { return array_->length; }
  bool is_null(std::int64_t row) const;

  bool boolean(std::int64_t row) const;
  // Integers of any width; dates, times and timestamps as the integers that they are.
  std::int64_t integer(std::int64_t row) const;
  double number(std::int64_t row) const;
  // Strings and binary of all layouts.
  std::string_view text(std::int64_t row) const;
  // Decimals of 128 bits or fewer, unscaled.
  __int128 decimal(std::int64_t row) const;

  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  // The rows of child(0) that are a list's elements, or of its entries for a map.
  Range elements(std::int64_t row) const;

  // Struct: the fields. List: the element. Map: the struct of key and value.
  std::int64_t child_count() const { return schema_->n_children; }
  std::string_view child_name(std::int64_t index) const;
  ArrowColumn child(std::int64_t index) const;
  // The field of that name of a struct.
  std::optional<ArrowColumn> field(std::string_view name) const;

  // Values are indices into a dictionary; `text` looks them up.
  bool is_dictionary() const { return schema_->dictionary != nullptr; }

  // "l", "tsu:UTC", …: the Arrow C data interface, "Format strings".
  std::string_view format() const { return format_; }

 private:
  ArrowColumn(const ArrowSchema& schema, const ArrowArray& array, std::int64_t offset);

  template <typename T>
  const T* buffer(std::int64_t index) const;
  [[noreturn]] void no_such_type(std::string_view wanted) const;

  const ArrowSchema* schema_;
  const ArrowArray* array_;
  std::string_view format_;
  std::int64_t offset_;  // of row 0 in the buffers
};

}  // namespace delta
