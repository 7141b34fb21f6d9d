// Columns whose values the writer generates, each a new one: PROTOCOL.md, "Identity Columns".
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"

namespace delta {

struct IdentityColumn {
  std::string name;
  std::int64_t start = 1;
  std::int64_t step = 1;                        // never 0
  std::optional<std::int64_t> high_water_mark;  // the last value generated
  bool allows_explicit_values = false;
};

// The column that `field` is; nothing when it is no identity column. Throws base::Error
// DELTA_SCHEMA_INVALID for properties that cannot be understood, and for a type other than long.
std::optional<IdentityColumn> identity_column(const StructField& field);
// Those of the schema, in its order.
std::vector<IdentityColumn> identity_columns(const Schema& schema);

// The column's next values, each given out once: start + k * step with k >= 0, in the direction of
// the step, beyond the high-water mark. Thread-safe.
class IdentityValues {
 public:
  explicit IdentityValues(const IdentityColumn& column);

  // Takes the next `count` values; the i-th of them is the returned one + i * step. Throws
  // base::Error DELTA_IDENTITY_OVERFLOW, and takes none, where one is beyond a long.
  std::int64_t take(std::int64_t count);
  std::int64_t step() const { return step_; }
  // The last value taken; nothing before the first one.
  std::optional<std::int64_t> last() const;

 private:
  [[noreturn]] void overflow() const;

  const std::string name_;
  const std::int64_t step_;
  mutable std::mutex mutex_;
  std::optional<std::int64_t> next_;  // nothing: there is none left
  std::optional<std::int64_t> last_;
};

// `metadata` with the high-water marks of the columns named, unless theirs are further.
Metadata with_high_water_marks(const Metadata& metadata,
                               const std::map<std::string, std::int64_t>& marks);

// Whether nothing but high-water marks differs.
bool differ_in_high_water_marks_only(const Metadata& left, const Metadata& right);

}  // namespace delta
