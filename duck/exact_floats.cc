#include "duck/exact_floats_internal.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <parquet_bss_encoder.hpp>
#include <parquet_writer.hpp>
#include <type_traits>
#include <utility>
#include <writer/templated_column_writer.hpp>

namespace duck {
namespace {

using ColumnWriters = duckdb::vector<duckdb::unique_ptr<duckdb::ColumnWriter>>;

// A number that is equal to those with the same bits only.
template <typename Number>
struct ExactNumber {
  using Bits = std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>;

  Bits bits() const { return std::bit_cast<Bits>(number); }
  explicit operator Number() const { return number; }
  bool operator!=(const ExactNumber& other) const { return bits() != other.bits(); }
  // NOLINTNEXTLINE(readability-identifier-naming): DuckDB calls it so
  friend duckdb::hash_t Hash(const ExactNumber& exact) {
    return duckdb::MurmurHash64(exact.bits());
  }

  Number number;
};

}  // namespace
}  // namespace duck

// What DuckDB asks before it takes a vector's values for such numbers.
template <>  // NOLINTNEXTLINE(readability-identifier-naming): DuckDB's name
inline bool duckdb::StorageTypeCompatible<duck::ExactNumber<float>>(duckdb::PhysicalType type) {
  return type == duckdb::PhysicalType::FLOAT;
}
template <>  // NOLINTNEXTLINE(readability-identifier-naming): DuckDB's name
inline bool duckdb::StorageTypeCompatible<duck::ExactNumber<double>>(duckdb::PhysicalType type) {
  return type == duckdb::PhysicalType::DOUBLE;
}

namespace duck {
namespace {

// DuckDB's operations on numbers, for which it has limits.
struct ExactNumberOperator : duckdb::FloatingPointOperator {
  template <typename Source, typename Number>
  static duckdb::unique_ptr<duckdb::ColumnWriterStatistics> InitializeStats() {
    return duckdb::FloatingPointOperator::InitializeStats<Number, Number>();
  }
  // As DuckDB's own does, whose comparisons are calls into its library, three for each number.
  template <typename Source, typename Number>
  static void HandleStats(duckdb::ColumnWriterStatistics* statistics, Number number) {
    using State = duckdb::FloatingPointStatisticsState<Number, Number, duckdb::BaseParquetOperator>;
    auto& known = static_cast<State&>(*statistics);
    if (std::isnan(number)) {
      known.has_nan = true;
    } else {
      if (number < known.min) known.min = number;
      if (number > known.max) known.max = number;
    }
  }
};

template <typename Number>
class ExactColumnWriter final
    : public duckdb::StandardColumnWriter<ExactNumber<Number>, Number, ExactNumberOperator> {
  using Base = duckdb::StandardColumnWriter<ExactNumber<Number>, Number, ExactNumberOperator>;
  using State = duckdb::StandardColumnWriterState<ExactNumber<Number>, Number, ExactNumberOperator>;

 public:
  using Base::Base;

  // As that of the base, without a Bloom filter.
  void FlushDictionary(duckdb::PrimitiveColumnWriterState& state,
                       duckdb::ColumnWriterStatistics* statistics) override {
    const auto& dictionary = static_cast<State&>(state).dictionary;
    dictionary.IterateValues([&](const ExactNumber<Number>&, const Number& number) {
      ExactNumberOperator::HandleStats<ExactNumber<Number>, Number>(statistics, number);
    });
    this->WriteDictionary(state, dictionary.GetTargetMemoryStream(), dictionary.GetSize());
  }
};

// The writer has no interface for another kind of column, but explicit instantiations may name
// members that are private.
template <auto Member>
struct ParquetWriterMember {
  friend ColumnWriters& column_writers_of(duckdb::ParquetWriter& writer) { return writer.*Member; }
};
ColumnWriters& column_writers_of(duckdb::ParquetWriter& writer);
template struct ParquetWriterMember<&duckdb::ParquetWriter::column_writers>;

// The parts of a nested column, which only classes derived from it may name.
struct NestedColumnWriter : duckdb::ColumnWriter {
  static ColumnWriters& parts_of(duckdb::ColumnWriter& writer) {
    return writer.*&NestedColumnWriter::child_writers;
  }
};

template <typename Number>
duckdb::unique_ptr<duckdb::ColumnWriter> exact_writer(duckdb::ColumnWriter& replaced) {
  auto writer = duckdb::make_uniq<ExactColumnWriter<Number>>(
      replaced.writer, std::move(replaced.column_schema), std::move(replaced.schema_path));
  writer->parent = replaced.parent;
  writer->can_have_nulls = replaced.can_have_nulls;
  return writer;
}

void replace_in(ColumnWriters& writers) {
  for (auto& writer : writers) {
    switch (writer->Type().id()) {
      case duckdb::LogicalTypeId::FLOAT:
        writer = exact_writer<float>(*writer);
        break;
      case duckdb::LogicalTypeId::DOUBLE:
        writer = exact_writer<double>(*writer);
        break;
      default:
        replace_in(NestedColumnWriter::parts_of(*writer));
        break;
    }
  }
}

}  // namespace

void write_floats_exactly(duckdb::GlobalFunctionData& parquet_file) {
  replace_in(column_writers_of(*parquet_file.Cast<duckdb::ParquetWriteGlobalState>().writer));
}

}  // namespace duck
