// A spec's typed parameters as values to bind.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "delta/value.h"
#include "engine/compiler/columns.h"
#include "engine/compiler/plan.h"
#include "engine/spec/spec.h"

namespace engine {

// A value bound as a value; `type` is the SQL type that it is given in the query, so that a null
// has one too.
struct BoundValue {
  delta::Value value;
  std::string type;
};

class Parameters {
 public:
  // Checks positions (1…n, each once), dates and timestamps, and that each FilterEq meets an input
  // with that column and a comparable type. `inputs` holds the inputs' columns by name. Throws
  // base::Error INVALID_SPEC with details["path"].
  Parameters(const std::vector<TypedParameter>& parameters,
             const std::map<std::string, Columns>& inputs);

  // Placeholders that a spec's author may use: 1 to this.
  std::uint32_t positions() const { return positions_; }
  // The value of a place, from 1; those after positions() belong to FilterEq.
  const BoundValue& at(std::uint32_t place) const { return values_.at(place - 1); }
  // The conditions to be put on an input.
  std::vector<Expression> filters_of(const std::string& input) const;

 private:
  void add_positions(const std::vector<TypedParameter>& parameters);
  void add_filter(const TypedParameter& parameter, const std::string& path,
                  const std::map<std::string, Columns>& inputs);
  void add_condition(const std::string& input, const duck::ResultColumn& column,
                     const TypedParameter& parameter, const std::string& path);

  std::uint32_t positions_ = 0;
  std::vector<BoundValue> values_;
  std::map<std::string, std::vector<Expression>> filters_;
};

}  // namespace engine
