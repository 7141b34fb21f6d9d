#include "engine/compiler/arrow_type.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "duck/sql_text.h"

namespace engine {
namespace {

using NamedType = std::pair<std::string_view, std::string_view>;

constexpr std::array<NamedType, 23> kPlainTypes = {{
    {"Null", "\"NULL\""},    {"Boolean", "BOOLEAN"},  {"Int8", "TINYINT"},
    {"Int16", "SMALLINT"},   {"Int32", "INTEGER"},    {"Int64", "BIGINT"},
    {"UInt8", "UTINYINT"},   {"UInt16", "USMALLINT"}, {"UInt32", "UINTEGER"},
    {"UInt64", "UBIGINT"},   {"Float16", "FLOAT"},    {"Float32", "FLOAT"},
    {"Float64", "DOUBLE"},   {"Utf8", "VARCHAR"},     {"LargeUtf8", "VARCHAR"},
    {"Utf8View", "VARCHAR"}, {"Binary", "BLOB"},      {"LargeBinary", "BLOB"},
    {"BinaryView", "BLOB"},  {"Date32", "DATE"},      {"Date64", "TIMESTAMP_MS"},
    {"Time32", "TIME"},      {"Time64", "TIME"},
}};

// Units as Arrow's enum and as its short forms name them.
constexpr std::array<NamedType, 9> kTimestampsByUnit = {{
    {"Second", "TIMESTAMP_S"},
    {"s", "TIMESTAMP_S"},
    {"Millisecond", "TIMESTAMP_MS"},
    {"ms", "TIMESTAMP_MS"},
    {"Microsecond", "TIMESTAMP"},
    {"us", "TIMESTAMP"},
    {"µs", "TIMESTAMP"},
    {"Nanosecond", "TIMESTAMP_NS"},
    {"ns", "TIMESTAMP_NS"},
}};

template <std::size_t Size>
std::optional<std::string> find_name(const std::array<NamedType, Size>& types,
                                     std::string_view name) {
  const auto found = std::ranges::find(types, name, &NamedType::first);
  if (found == types.end()) return std::nullopt;
  return std::string(found->second);
}

using Type = std::optional<std::string>;

// A recursive descent over one name. Every function gives nothing once the text is none.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Type parse_all() {
    auto type = parse_type();
    skip_space();
    return rest_.empty() ? type : std::nullopt;
  }

 private:
  static constexpr int kMostDepth = 64;

  Type parse_type() {
    if (++depth_ > kMostDepth) return std::nullopt;
    const auto name = word();
    auto type = parse_named(name);
    --depth_;
    return type;
  }

  Type parse_named(std::string_view name) {
    if (auto plain = find_name(kPlainTypes, name)) {
      // Times carry a unit that makes no difference here.
      if (plain == "TIME" && skip('(')) return closed(word().empty() ? Type() : plain);
      return plain;
    }
    if (!skip('(')) return std::nullopt;
    if (name == "Timestamp") return closed(parse_timestamp());
    if (name.starts_with("Decimal")) return closed(parse_decimal());
    if (name == "List" || name == "LargeList") return closed(parse_list());
    if (name == "Struct") return closed(parse_struct());
    if (name == "Map") return closed(parse_map());
    return std::nullopt;
  }

  Type closed(const Type& type) { return type && skip(')') ? type : std::nullopt; }

  Type parse_timestamp() {
    auto type = find_name(kTimestampsByUnit, word());
    if (!type || !skip(',')) return type;
    auto zone = zone_word();
    if (zone == "Some" && skip('(')) {
      if (!quoted() || !skip(')')) return std::nullopt;
      return "TIMESTAMP WITH TIME ZONE";
    }
    if (zone == "None" || zone == "null") return type;
    if (zone.empty() && !quoted()) return std::nullopt;
    return "TIMESTAMP WITH TIME ZONE";
  }

  Type parse_decimal() {
    const auto precision = std::string(word());
    if (!is_number(precision) || !skip(',')) return std::nullopt;
    const auto scale = std::string(word());
    if (!is_number(scale)) return std::nullopt;
    return "DECIMAL(" + precision + "," + scale + ")";
  }

  Type parse_list() {
    auto element = parse_field().second;
    // ", field: 'item'"
    if (element && skip(',') && !(word() == "field" && skip(':') && quoted())) return std::nullopt;
    if (!element) return std::nullopt;
    return *element + "[]";
  }

  Type parse_struct() {
    const bool bracketed = skip('[');
    std::string fields;
    do {
      const auto [name, type] = parse_field();
      if (!name || !type) return std::nullopt;
      if (!fields.empty()) fields += ", ";
      fields += duck::quote_identifier(*name) + " " + *type;
    } while (skip(','));
    if (bracketed && !skip(']')) return std::nullopt;
    return "STRUCT(" + fields + ")";
  }

  // Either key and value, or the field of entries that Arrow prints, followed by whether the keys
  // are sorted.
  Type parse_map() {
    auto [name, first] = parse_field();
    if (!first) return std::nullopt;
    if (!entries_.empty()) {
      const auto entries = std::exchange(entries_, {});
      if (skip(',')) word();
      if (entries.size() != 2) return std::nullopt;
      return "MAP(" + entries[0] + ", " + entries[1] + ")";
    }
    if (!skip(',')) return std::nullopt;
    const auto value = parse_field().second;
    if (!value) return std::nullopt;
    return "MAP(" + *first + ", " + *value + ")";
  }

  // A type with or without a name: `a: Int64`, `"a": nullable Int64`, `Field { name: "a", … }`.
  std::pair<std::optional<std::string>, Type> parse_field() {
    std::optional<std::string> name = quoted();
    if (name && !skip(':')) return {};
    skip_nullability();
    if (!name) {
      const auto before = rest_;
      const auto first = std::string(word());
      if (first == "Field" && skip('{')) return parse_field_object();
      if (skip(':')) {
        name = first;
        skip_nullability();
      } else {
        rest_ = before;
      }
    }
    if (name == "entries" || name == "key_value") return {name, parse_entries()};
    return {name, parse_type()};
  }

  // A map's entries: the types of key and value are kept aside for it.
  Type parse_entries() {
    if (word() != "Struct" || !skip('(')) return std::nullopt;
    const bool bracketed = skip('[');
    std::vector<std::string> types;
    do {
      const auto type = parse_field().second;
      if (!type) return std::nullopt;
      types.push_back(*type);
    } while (skip(','));
    if (bracketed && !skip(']')) return std::nullopt;
    if (!skip(')')) return std::nullopt;
    entries_ = std::move(types);
    return "entries";
  }

  std::pair<std::optional<std::string>, Type> parse_field_object() {
    std::optional<std::string> name;
    Type type;
    do {
      const auto key = word();
      if (!skip(':')) return {};
      if (key == "name") {
        name = quoted();
      } else if (key == "data_type") {
        type = name == "entries" ? parse_entries() : parse_type();
        if (!type) return {};
      } else if (skip('{')) {
        while (!rest_.empty() && rest_.front() != '}') rest_.remove_prefix(1);
        skip('}');
      } else {
        word();
      }
    } while (skip(','));
    if (!skip('}')) return {};
    return {name, type};
  }

  void skip_nullability() {
    for (const std::string_view mark : {"nullable ", "non-null "}) {
      skip_space();
      if (rest_.starts_with(mark)) rest_.remove_prefix(mark.size());
    }
  }

  void skip_space() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }

  bool skip(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_while(auto accepts) {
    skip_space();
    const auto end = std::ranges::find_if_not(rest_, accepts) - rest_.begin();
    const auto taken = rest_.substr(0, static_cast<std::size_t>(end));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  // Every byte outside of ASCII too: "µs".
  static bool is_word_character(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  std::string_view word() { return take_while(is_word_character); }

  // Zones are words like "Europe/Berlin" and "+01:00" too.
  std::string_view zone_word() {
    return take_while([](char c) {
      return is_word_character(c) || c == '/' || c == '+' || c == '-' || c == ':';
    });
  }

  static bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }

  std::optional<std::string> quoted() {
    skip_space();
    if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'')) return std::nullopt;
    const auto end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::string_view rest_;
  int depth_ = 0;
  std::vector<std::string> entries_;
};

}  // namespace

std::optional<std::string> duckdb_type_of_arrow(std::string_view name) {
  return Parser(name).parse_all();
}

}  // namespace engine
