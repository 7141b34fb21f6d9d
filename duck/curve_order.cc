#include <algorithm>
#include <array>
#include <duckdb/function/scalar_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <utility>

#include "delta/space_filling_curve.h"
#include "duck/connection_internal.h"
#include "duck/curve_order_internal.h"

namespace duck {
namespace {

constexpr char kFunction[] = "codeanatomy_curve_position";
constexpr std::size_t kSampledRows = 65536;
// Of each key: what bounds the sample's memory. Longer values that begin alike share a range.
constexpr int kSampledBytes = 256;
constexpr int kMostBitsOfColumn = 10;
constexpr int kMostBits = 64;

struct CurveBind : duckdb::FunctionData {
  explicit CurveBind(duckdb::shared_ptr<CurveRanges> found) : ranges(std::move(found)) {}

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<CurveBind>(ranges);
  }
  bool Equals(const duckdb::FunctionData& other) const override {
    return ranges == other.Cast<CurveBind>().ranges;
  }

  duckdb::shared_ptr<CurveRanges> ranges;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(
    duckdb::ClientContext& context, duckdb::ScalarFunction&,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  auto ranges = context.registered_state->Get<CurveRanges>(kFunction);
  if (!ranges || ranges->ends.size() != arguments.size()) {
    throw duckdb::BinderException("the function %s is not for SQL", kFunction);
  }
  return duckdb::make_uniq<CurveBind>(std::move(ranges));
}

std::uint32_t range_of(const std::vector<std::string>& ends, const duckdb::string_t& key) {
  const std::string_view text(key.GetData(), key.GetSize());
  const auto end = std::upper_bound(ends.begin(), ends.end(), text);
  return static_cast<std::uint32_t>(end - ends.begin());
}

// The arguments are the columns' sort keys.
void curve_position(duckdb::DataChunk& keys, duckdb::ExpressionState& state,
                    duckdb::Vector& result) {
  const auto& expression = state.expr.Cast<duckdb::BoundFunctionExpression>();
  const CurveRanges& ranges = *expression.bind_info->Cast<CurveBind>().ranges;
  const std::size_t columns = keys.ColumnCount();
  std::vector<duckdb::UnifiedVectorFormat> formats(columns);
  for (std::size_t i = 0; i < columns; ++i) keys.data[i].ToUnifiedFormat(keys.size(), formats[i]);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* const positions = duckdb::FlatVector::GetData<std::uint64_t>(result);
  std::array<std::uint32_t, kMostCurveColumns> point{};
  for (duckdb::idx_t row = 0; row < keys.size(); ++row) {
    for (std::size_t i = 0; i < columns; ++i) {
      const auto* const values = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(formats[i]);
      point[i] = range_of(ranges.ends[i], values[formats[i].sel->get_index(row)]);
    }
    positions[row] = delta::hilbert_position({point.data(), columns}, ranges.bits);
  }
}

// With a text that is always the same after the column: the key of a short number alone would be a
// number, and not bytes.
std::string sort_key(const std::string& column) {
  return "create_sort_key(" + column + ", 'ASC NULLS FIRST', '', 'ASC NULLS FIRST')";
}

// A list of what `key_of` makes of each column.
template <typename KeyOf>
std::string keys_of(const std::vector<std::string>& columns, const KeyOf& key_of) {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + key_of(column);
  return list;
}

std::string sort_keys(const std::vector<std::string>& columns) {
  return keys_of(columns, sort_key);
}

// The beginnings of the keys.
std::string sampled_keys(const std::vector<std::string>& columns) {
  return keys_of(columns, [](const std::string& column) {
    return sort_key(column) + "[:" + std::to_string(kSampledBytes) + "]";
  });
}

// The keys at equal distances in the sorted sample.
std::vector<std::string> range_ends(std::vector<std::string> sample, std::size_t ranges) {
  std::ranges::sort(sample);
  std::vector<std::string> ends;
  for (std::size_t i = 1; i < ranges && !sample.empty(); ++i) {
    ends.push_back(sample[i * sample.size() / ranges]);
  }
  return ends;
}

duckdb::shared_ptr<CurveRanges> sample_ranges(Connection& connection, const std::string& source,
                                              const std::vector<std::string>& columns) {
  const ResultRows sampled =
      connection.query("SELECT " + sampled_keys(columns) + " FROM " + source +
                       " USING SAMPLE reservoir(" + std::to_string(kSampledRows) + " ROWS)");
  auto ranges = duckdb::make_shared_ptr<CurveRanges>();
  ranges->bits = std::min(kMostBitsOfColumn, kMostBits / static_cast<int>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::vector<std::string> keys;
    keys.reserve(sampled.rows.size());
    for (const auto& row : sampled.rows) keys.push_back(std::get<delta::Binary>(row[i]).bytes);
    ranges->ends.push_back(range_ends(std::move(keys), std::size_t{1} << ranges->bits));
  }
  return ranges;
}

}  // namespace

CurveOrder::CurveOrder(Connection& connection, const std::string& source,
                       const std::vector<std::string>& columns)
    : connection_(connection), sql_(kFunction + ("(" + sort_keys(columns) + ")")) {
  connection.internal().connection.context->registered_state->Insert(
      kFunction, sample_ranges(connection, source, columns));
}

CurveOrder::~CurveOrder() {
  connection_.internal().connection.context->registered_state->Remove(kFunction);
}

void add_curve_position(duckdb::ExtensionLoader& loader) {
  duckdb::ScalarFunction function(kFunction, {}, duckdb::LogicalType::UBIGINT, curve_position,
                                  bind);
  function.varargs = duckdb::LogicalType::BLOB;
  loader.RegisterFunction(function);
}

}  // namespace duck
