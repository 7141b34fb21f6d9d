#include "delta/statistics.h"

#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "delta/src/calendar.h"
#include "delta/src/decimal_text.h"
#include "delta/src/json_text.h"
#include "delta/src/utf8.h"

namespace delta {
namespace {

// Strings are cut off here, as Spark does.
constexpr std::size_t kMaxStringLength = 32;

enum class Bound { kMin, kMax };

// The value as JSON text that is not above a minimum or below a maximum; nothing when there is
// none. Booleans and binary have no bounds, as in Spark.
class BoundWriter {
 public:
  explicit BoundWriter(Bound bound) : bound_(bound) {}

  using Text = std::optional<std::string>;

  Text operator()(std::monostate) const { return std::nullopt; }
  Text operator()(bool) const { return std::nullopt; }
  Text operator()(const Binary&) const { return std::nullopt; }
  Text operator()(std::int64_t value) const { return std::to_string(value); }
  Text operator()(const Decimal& value) const { return format_decimal(value); }

  Text operator()(double value) const {
    if (!std::isfinite(value)) return std::nullopt;  // JSON has no such numbers
    std::string text;
    append_json_number(text, value);
    return text;
  }

  Text operator()(const std::string& value) const {
    if (!is_valid_utf8(value)) return std::nullopt;
    const std::string_view prefix = first_code_points(value, kMaxStringLength);
    std::string text;
    if (prefix.size() == value.size() || bound_ == Bound::kMin) {
      append_json_string(text, prefix);
      return text;
    }
    const auto above = after_all_with_prefix(prefix);
    if (!above) return std::nullopt;
    append_json_string(text, *above);
    return text;
  }

  Text operator()(Date value) const {
    if (!has_plain_year(value.days)) return std::nullopt;
    return quoted(format_date(value));
  }

  Text operator()(Timestamp value) const {
    const auto text = to_milliseconds(value.micros);
    if (!text) return std::nullopt;
    return quoted(*text + "Z");
  }

  Text operator()(TimestampNtz value) const {
    const auto text = to_milliseconds(value.micros);
    if (!text) return std::nullopt;
    return quoted(*text);
  }

 private:
  static std::string quoted(const std::string& text) { return '"' + text + '"'; }

  // Readers disagree about years of more or fewer than four digits.
  static bool has_plain_year(std::int64_t days) {
    constexpr std::int64_t kYear1 = -719162;     // 0001-01-01
    constexpr std::int64_t kYear9999 = 2932896;  // 9999-12-31
    return days >= kYear1 && days <= kYear9999;
  }

  // Readers take timestamps to be cut off to milliseconds; a maximum is rounded up, so that it
  // bounds its column for those too that do not.
  std::optional<std::string> to_milliseconds(std::int64_t micros) const {
    constexpr std::int64_t kLimit = 3000000 * kMicrosPerDay;
    if (micros < -kLimit || micros > kLimit) return std::nullopt;
    std::int64_t rest = micros % kMicrosPerMilli;
    if (rest < 0) rest += kMicrosPerMilli;
    micros -= rest;
    if (rest > 0 && bound_ == Bound::kMax) micros += kMicrosPerMilli;
    const std::int64_t days =
        micros >= 0 ? micros / kMicrosPerDay : (micros + 1) / kMicrosPerDay - 1;
    if (!has_plain_year(days)) return std::nullopt;
    return format_timestamp(micros, 'T', 3);
  }

  Bound bound_;
};

// The leaves of one member (minValues, …) as a tree of names, in the order of their coming.
class TextTree {
 public:
  void insert(const std::vector<std::string>& path, std::string leaf) {
    TextTree* node = this;
    for (const std::string& name : path) node = node->child(name);
    node->text_ = std::move(leaf);
  }

  void append_to(std::string& out) const {
    if (text_) {
      out += *text_;
      return;
    }
    out += '{';
    for (const TextTree& node : children_) {
      if (out.back() != '{') out += ',';
      append_json_string(out, node.name_);
      out += ':';
      node.append_to(out);
    }
    out += '}';
  }

 private:
  TextTree* child(const std::string& name) {
    const auto [entry, is_new] = positions_.try_emplace(name, children_.size());
    if (is_new) children_.emplace_back().name_ = name;
    return &children_[entry->second];
  }

  std::string name_;
  std::optional<std::string> text_;  // of a leaf
  std::vector<TextTree> children_;
  std::unordered_map<std::string, std::size_t> positions_;
};

TextTree bounds_of(const FileStatistics& statistics, Bound bound) {
  TextTree tree;
  for (const ColumnStatistics& column : statistics.columns) {
    const std::optional<Value>& value = bound == Bound::kMin ? column.min : column.max;
    if (!value) continue;
    if (auto text = std::visit(BoundWriter(bound), *value)) {
      tree.insert(column.path, std::move(*text));
    }
  }
  return tree;
}

}  // namespace

std::string to_json(const FileStatistics& statistics) {
  TextTree null_counts;
  for (const ColumnStatistics& column : statistics.columns) {
    if (column.null_count) null_counts.insert(column.path, std::to_string(*column.null_count));
  }
  std::string out = R"({"numRecords":)" + std::to_string(statistics.num_records);
  out += R"(,"minValues":)";
  bounds_of(statistics, Bound::kMin).append_to(out);
  out += R"(,"maxValues":)";
  bounds_of(statistics, Bound::kMax).append_to(out);
  out += R"(,"nullCount":)";
  null_counts.append_to(out);
  if (!statistics.tight_bounds) out += R"(,"tightBounds":false)";
  out += '}';
  return out;
}

}  // namespace delta
