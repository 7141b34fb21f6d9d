// The families of SQL functions; for duck/functions/ only. Each set carries its name.
#pragma once

#include <duckdb.hpp>
#include <duckdb/function/function_set.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace duck {

// A function with all its overloads, and the further names it goes by.
struct AddedFunction {
  duckdb::ScalarFunctionSet overloads;
  std::vector<std::string> aliases;
};

std::vector<AddedFunction> stable_id_functions();
std::vector<AddedFunction> span_functions();
std::vector<AddedFunction> text_functions();

inline duckdb::UnifiedVectorFormat unified_format(duckdb::Vector& vector, duckdb::idx_t rows) {
  duckdb::UnifiedVectorFormat format;
  vector.ToUnifiedFormat(rows, format);
  return format;
}

// A column of texts during one call, whatever form the vector has.
class TextColumn {
 public:
  TextColumn(duckdb::Vector& vector, duckdb::idx_t rows)
      : format_(unified_format(vector, rows)),
        texts_(duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format_)) {}

  bool is_null(duckdb::idx_t row) const {
    return !format_.validity.RowIsValid(format_.sel->get_index(row));
  }
  // Valid as long as the vector.
  std::string_view text(duckdb::idx_t row) const {
    const duckdb::string_t& text = texts_[format_.sel->get_index(row)];
    return {text.GetData(), text.GetSize()};
  }

 private:
  duckdb::UnifiedVectorFormat format_;
  const duckdb::string_t* texts_;
};

// How many rows a function has to compute: one when every argument is constant, and the result
// then becomes a constant too.
inline duckdb::idx_t rows_to_compute(duckdb::DataChunk& arguments) {
  return arguments.AllConstant() ? 1 : arguments.size();
}

inline void finish_result(duckdb::DataChunk& arguments, duckdb::Vector& result) {
  if (arguments.AllConstant()) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

}  // namespace duck
