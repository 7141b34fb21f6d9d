// Writing rows that a program makes, not a query, into the Parquet files of a Delta table.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"

namespace duck {

// Texts that repeat: row i is texts[codes[i]]. Cheaper than as many views where rows are many more
// than texts.
struct CodedTexts {
  std::span<const std::uint32_t> codes;
  std::span<const std::string_view> texts;
};

// A column of values to append; the memory stays the caller's and is read during append() only.
// A string_view with a null data() is NULL; in `valid` (empty: all valid; not for coded texts), 0
// is NULL.
struct ColumnView {
  std::variant<std::span<const std::int64_t>, std::span<const std::int32_t>,
               std::span<const std::uint8_t>, std::span<const double>,
               std::span<const std::string_view>, CodedTexts>
      values;
  std::span<const std::uint8_t> valid = {};
};

// One thread's stream of rows into data files, rolled at options.target_file_bytes. Use one
// object per thread; partition_by must be empty. Without finish() the destructor removes what was
// written.
class ParquetAppender {
 public:
  // `schema` has primitive columns only: long, integer, boolean, double, string, binary.
  ParquetAppender(Database& database, delta::Schema schema, CopyOptions options);
  ParquetAppender(ParquetAppender&&) noexcept;
  ~ParquetAppender();

  // Appends `rows` rows, one view a column in the schema's order.
  void append(std::span<const ColumnView> columns, std::size_t rows);

  // Closes the last file and returns all files, with full statistics. No Delta commit is made.
  // APPENDER_MISUSED when an append has failed.
  std::vector<delta::AddFile> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace duck
