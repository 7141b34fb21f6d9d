#include "duck/parquet_statistics_internal.h"

#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace duck {
namespace {

using delta::DataType;
using delta::TypeKind;
using delta::Value;

using Path = std::vector<std::string>;

// DuckDB's infinities; no Delta timestamp.
constexpr std::int64_t kInfinity = std::numeric_limits<std::int64_t>::max();

void collect_leaves(const std::vector<delta::StructField>& fields, Path& path,
                    std::vector<std::pair<Path, DataType>>& leaves) {
  for (const delta::StructField& field : fields) {
    path.push_back(field.name);
    if (field.type.kind() == TypeKind::kStruct) {
      collect_leaves(field.type.fields(), path, leaves);
    } else if (field.type.kind() != TypeKind::kVariant) {
      leaves.emplace_back(path, field.type);
    }
    path.pop_back();
  }
}

template <typename Number>
std::optional<Number> little_endian(const std::string& bytes) {
  if (bytes.size() != sizeof(Number)) return std::nullopt;
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

template <typename Number, typename Make>
std::optional<Value> decode_number(const std::string& bytes, Make&& make) {
  const auto number = little_endian<Number>(bytes);
  if (!number) return std::nullopt;
  return make(*number);
}

// Wide decimals are big-endian, narrow ones little-endian integers.
std::optional<Value> decode_decimal(const std::string& bytes, const DataType& type) {
  delta::Decimal decimal{.unscaled = 0, .precision = type.precision(), .scale = type.scale()};
  if (const auto narrow = little_endian<std::int32_t>(bytes)) {
    decimal.unscaled = *narrow;
  } else if (const auto middle = little_endian<std::int64_t>(bytes)) {
    decimal.unscaled = *middle;
  } else if (!bytes.empty() && bytes.size() <= sizeof decimal.unscaled) {
    unsigned __int128 bits = (bytes[0] & 0x80) != 0 ? ~static_cast<unsigned __int128>(0) : 0;
    for (const char byte : bytes) bits = bits << 8 | static_cast<std::uint8_t>(byte);
    decimal.unscaled = static_cast<__int128>(bits);
  } else {
    return std::nullopt;
  }
  return decimal;
}

// A bound as Parquet stores it; nothing for what Delta's statistics cannot hold.
std::optional<Value> decode(const std::string& bytes, const DataType& type) {
  const auto integer = [](auto number) -> Value { return static_cast<std::int64_t>(number); };
  const auto real = [](auto number) -> Value { return static_cast<double>(number); };
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return decode_number<std::uint8_t>(bytes, [](auto bit) -> Value { return bit != 0; });
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
      return decode_number<std::int32_t>(bytes, integer);
    case TypeKind::kLong:
      return decode_number<std::int64_t>(bytes, integer);
    case TypeKind::kFloat:
      return decode_number<float>(bytes, real);
    case TypeKind::kDouble:
      return decode_number<double>(bytes, real);
    case TypeKind::kDate:
      return decode_number<std::int32_t>(bytes,
                                         [](auto days) -> Value { return delta::Date{days}; });
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: {
      const auto micros = little_endian<std::int64_t>(bytes);
      if (!micros || *micros == kInfinity || *micros == -kInfinity) return std::nullopt;
      if (type.kind() == TypeKind::kTimestamp) return delta::Timestamp{*micros};
      return delta::TimestampNtz{*micros};
    }
    case TypeKind::kDecimal:
      return decode_decimal(bytes, type);
    case TypeKind::kString:
      return bytes;
    default:
      return std::nullopt;
  }
}

// Either zero stands for both: the bounds hold for readers that tell them apart, too.
void widen_zero(Value& bound, double zero) {
  if (auto* number = std::get_if<double>(&bound); number != nullptr && *number == 0) {
    *number = zero;
  }
}

class LeafStatistics {
 public:
  explicit LeafStatistics(DataType type) : type_(std::move(type)) {}

  void add(const duckdb_parquet::ColumnMetaData& column) {
    const auto& statistics = column.statistics;
    const bool counted = column.__isset.statistics && statistics.__isset.null_count;
    if (counted) {
      null_count_ += statistics.null_count;
    } else {
      nulls_known_ = false;
    }
    if (counted && statistics.null_count == column.num_values) return;
    std::optional<Value> min;
    std::optional<Value> max;
    if (column.__isset.statistics && statistics.__isset.min_value && statistics.__isset.max_value) {
      min = decode(statistics.min_value, type_);
      max = decode(statistics.max_value, type_);
    }
    if (!min || !max) {
      bounds_known_ = false;
      return;
    }
    if (!min_ || delta::compare(*min, *min_) == std::partial_ordering::less) {
      min_ = std::move(min);
    }
    if (!max_ || delta::compare(*max, *max_) == std::partial_ordering::greater) {
      max_ = std::move(max);
    }
  }

  delta::ColumnStatistics finish(Path path) const {
    delta::ColumnStatistics result;
    result.path = std::move(path);
    if (nulls_known_) result.null_count = null_count_;
    if (bounds_known_ && min_ && max_) {
      result.min = min_;
      result.max = max_;
      widen_zero(*result.min, -0.0);
      widen_zero(*result.max, 0.0);
    }
    return result;
  }

 private:
  DataType type_;
  std::optional<Value> min_;
  std::optional<Value> max_;
  std::int64_t null_count_ = 0;
  bool nulls_known_ = true;
  bool bounds_known_ = true;
};

}  // namespace

delta::FileStatistics file_statistics(const duckdb_parquet::FileMetaData& footer,
                                      const delta::Schema& schema,
                                      const std::map<Path, std::int64_t>& null_counts) {
  std::vector<std::pair<Path, DataType>> leaves;
  Path path;
  collect_leaves(schema.fields, path, leaves);
  std::map<Path, LeafStatistics> by_path;
  for (const auto& [leaf, type] : leaves) by_path.emplace(leaf, type);

  std::map<Path, std::size_t> row_groups_seen;
  for (const auto& row_group : footer.row_groups) {
    for (const auto& column : row_group.columns) {
      const Path column_path(column.meta_data.path_in_schema.begin(),
                             column.meta_data.path_in_schema.end());
      const auto leaf = by_path.find(column_path);
      if (leaf == by_path.end()) continue;
      leaf->second.add(column.meta_data);
      ++row_groups_seen[column_path];
    }
  }

  delta::FileStatistics result;
  result.num_records = footer.num_rows;
  for (const auto& [leaf, type] : leaves) {
    if (type.is_nested()) {
      const auto nulls = null_counts.find(leaf);
      if (nulls == null_counts.end()) continue;
      delta::ColumnStatistics& column = result.columns.emplace_back();
      column.path = leaf;
      column.null_count = nulls->second;
      continue;
    }
    if (row_groups_seen[leaf] != footer.row_groups.size()) continue;
    result.columns.push_back(by_path.at(leaf).finish(leaf));
  }
  return result;
}

}  // namespace duck
