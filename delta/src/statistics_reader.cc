#include "delta/src/statistics_reader.h"

#include <simdjson.h>

#include <limits>
#include <map>
#include <utility>

#include "delta/src/calendar.h"
#include "delta/src/decimal_text.h"

namespace delta {
namespace {

namespace ondemand = simdjson::ondemand;

// Which leaf, if any, is behind a name.
struct NameTree {
  std::map<std::string, NameTree, std::less<>> children;
  std::optional<std::size_t> leaf;
};

using OptionalValue = std::optional<Value>;

OptionalValue read_integer(ondemand::value json) {
  std::int64_t number = 0;
  if (json.get_int64().get(number)) return std::nullopt;
  return number;
}

OptionalValue read_float(ondemand::value json) {
  double number = 0;
  if (!json.get_double().get(number)) return number;
  std::string_view text;
  if (json.get_string().get(text)) return std::nullopt;
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

Value rounded_to_float(const Value& number) {
  return static_cast<double>(static_cast<float>(std::get<double>(number)));
}

// From the digits as they stand: a double would lose some.
OptionalValue read_decimal(ondemand::value json, const DataType& type) {
  std::string_view token = json.raw_json_token();
  while (!token.empty() && token.back() <= ' ') token.remove_suffix(1);
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"') {
    token = token.substr(1, token.size() - 2);
  }
  constexpr int kMaxPrecision = 38;
  if (const auto decimal = parse_decimal(token, kMaxPrecision, type.scale())) return *decimal;
  return std::nullopt;
}

OptionalValue read_value(ondemand::value json, const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kLong:
    case TypeKind::kInteger:
    case TypeKind::kShort:
    case TypeKind::kByte:
      return read_integer(json);
    case TypeKind::kFloat:
      // Writers spell a float by the fewest digits that tell it from other floats.
      if (const auto number = read_float(json)) return rounded_to_float(*number);
      return std::nullopt;
    case TypeKind::kDouble:
      return read_float(json);
    case TypeKind::kDecimal:
      return read_decimal(json, type);
    case TypeKind::kBoolean: {
      bool flag = false;
      if (json.get_bool().get(flag)) return std::nullopt;
      return flag;
    }
    default:
      break;
  }
  std::string_view text;
  if (json.get_string().get(text)) return std::nullopt;
  switch (type.kind()) {
    case TypeKind::kString:
      return std::string(text);
    case TypeKind::kDate:
      if (const auto date = parse_date(text)) return *date;
      return std::nullopt;
    case TypeKind::kTimestamp:
      if (const auto micros = parse_timestamp(text)) return Timestamp{*micros};
      return std::nullopt;
    case TypeKind::kTimestampNtz:
      if (const auto micros = parse_timestamp(text)) return TimestampNtz{*micros};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// Calls visit(leaf, value) for each leaf of the tree that the object has.
template <typename Visit>
void each_leaf(ondemand::value json, const NameTree& tree, const Visit& visit) {
  ondemand::object object;
  if (json.get_object().get(object)) return;  // a column that was no struct then
  for (auto member : object) {
    const auto child = tree.children.find(std::string_view(member.unescaped_key()));
    if (child == tree.children.end()) continue;
    ondemand::value content = member.value();
    if (content.is_null()) continue;
    if (child->second.leaf) {
      visit(*child->second.leaf, content);
    } else {
      each_leaf(content, child->second, visit);
    }
  }
}

}  // namespace

struct StatisticsReader::State {
  std::vector<LeafColumn> columns;
  NameTree tree;
  std::string buffer;
  ondemand::parser parser;
  ReadStatistics result;

  void read_document(ondemand::document& document) {
    for (auto member : document.get_object()) {
      const std::string_view key = member.unescaped_key();
      ondemand::value content = member.value();
      if (content.is_null()) continue;
      if (key == "numRecords") {
        result.num_records = content.get_int64();
      } else if (key == "tightBounds") {
        result.tight_bounds = content.get_bool();
      } else if (key == "minValues") {
        each_leaf(content, tree, [&](std::size_t leaf, ondemand::value value) {
          result.leaves[leaf].min = read_value(value, columns[leaf].type);
        });
      } else if (key == "maxValues") {
        each_leaf(content, tree, [&](std::size_t leaf, ondemand::value value) {
          result.leaves[leaf].max = read_value(value, columns[leaf].type);
        });
      } else if (key == "nullCount") {
        each_leaf(content, tree, [&](std::size_t leaf, ondemand::value value) {
          std::int64_t count = 0;
          if (!value.get_int64().get(count)) result.leaves[leaf].null_count = count;
        });
      }
    }
  }
};

StatisticsReader::StatisticsReader(std::vector<LeafColumn> columns)
    : state_(std::make_unique<State>()) {
  state_->columns = std::move(columns);
  for (std::size_t i = 0; i < state_->columns.size(); ++i) {
    NameTree* node = &state_->tree;
    for (const std::string& name : state_->columns[i].path) node = &node->children[name];
    node->leaf = i;
  }
}

StatisticsReader::~StatisticsReader() = default;

const std::vector<LeafColumn>& StatisticsReader::columns() const { return state_->columns; }

const ReadStatistics* StatisticsReader::read(std::string_view json) {
  ReadStatistics& result = state_->result;
  result.num_records.reset();
  result.tight_bounds = true;
  result.leaves.assign(state_->columns.size(), {});
  std::string& buffer = state_->buffer;
  buffer.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  buffer.assign(json);
  try {
    ondemand::document document = state_->parser.iterate(
        simdjson::padded_string_view(buffer.data(), buffer.size(), buffer.capacity()));
    state_->read_document(document);
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return nullptr;
  } catch (const simdjson::simdjson_error&) {
    return nullptr;
  }
  return &result;
}

}  // namespace delta
