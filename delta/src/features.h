// Protocol versions and table features: PROTOCOL.md, "Table Features".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delta/actions.h"

namespace delta {

// The versions from which on the protocol names its features one by one.
inline constexpr int kFeatureReaderVersion = 3;
inline constexpr int kFeatureWriterVersion = 7;

struct Feature {
  std::string_view name;
  bool for_readers;  // belongs in readerFeatures too
  // The first versions that imply the feature without naming it; 0 when none does.
  int implied_by_reader_version;
  int implied_by_writer_version;
  bool can_read;
  bool can_write;
};

// The one place that says what this library supports. Null for a feature that it has not heard of.
const Feature* find_feature(std::string_view name);
// As callers may spell it, who ask for a feature by a property.
const Feature* find_feature_in_any_case(std::string_view name);

// What writers of a table must support: the features that it names or that its version implies.
std::vector<std::string> writer_features(const Protocol& protocol);
std::vector<std::string> reader_features(const Protocol& protocol);

// A property of this prefix and the value "supported" asks for the feature of that name; it does
// not become one of the table's.
inline constexpr std::string_view kFeaturePrefix = "delta.feature.";

// Whether writers of the table must support the feature.
bool has_feature(const Protocol& protocol, std::string_view name);

// `protocol` with what `needed` has beyond it. A version gives way to named features only when
// `needed` names some.
Protocol upgraded(const Protocol& protocol, const Protocol& needed);

// Adds those of `further` that are not among the names.
void append_missing(std::vector<std::string>& names, const std::vector<std::string>& further);

// Whether operations on the log alone (checkpoint, cleanup, vacuum) keep what the table means.
// Throws DELTA_UNSUPPORTED_FEATURE naming what this library cannot read or does not know.
void check_maintainable(const Protocol& protocol);

}  // namespace delta
