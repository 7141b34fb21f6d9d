// The change feed of an input's Delta table, up to the version that the run reads of it.
#include "base/error.h"
#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

// `text` as a parameter of the scan; it must be a timestamp.
std::string timestamp_option(const std::string& option, const std::string& field,
                             const std::string& text, const Lowering& lowering) {
  const auto parsed =
      lowering.connection().query("SELECT TRY_CAST($1 AS TIMESTAMPTZ) IS NULL", {text});
  if (std::get<bool>(parsed.rows.at(0).at(0))) {
    lowering.fail(field, in_quotes(text) + " is not a timestamp (ISO 8601)");
  }
  return ", " + option + " := " + duck::quote_string(text);
}

std::string range_options(const IncrementalCdf& feed, const Lowering& lowering) {
  if (feed.starting_version && feed.starting_timestamp) {
    lowering.fail("starting_timestamp",
                  "a start by version and one by timestamp exclude each other");
  }
  if (feed.ending_version && feed.ending_timestamp) {
    lowering.fail("ending_timestamp", "an end by version and one by timestamp exclude each other");
  }
  std::string options;
  if (feed.starting_timestamp) {
    options += timestamp_option("from_timestamp", "starting_timestamp", *feed.starting_timestamp,
                                lowering);
  } else {
    options += ", from_version := " + std::to_string(feed.starting_version.value_or(0));
  }
  if (feed.ending_version) options += ", to_version := " + std::to_string(*feed.ending_version);
  if (feed.ending_timestamp) {
    options +=
        timestamp_option("to_timestamp", "ending_timestamp", *feed.ending_timestamp, lowering);
  }
  return options;
}

// The field that a fault of the range comes from; empty: none alone.
std::string field_of(const base::Error& error, const IncrementalCdf& feed) {
  if (error.code() == "DELTA_TIMESTAMP_NOT_FOUND") {
    if (feed.starting_timestamp && feed.ending_timestamp) return "";
    return feed.starting_timestamp ? "starting_timestamp" : "ending_timestamp";
  }
  if (error.code() == "DELTA_VERSION_NOT_FOUND") {
    const auto version = error.details().find("version");
    const bool is_start = feed.starting_version && version != error.details().end() &&
                          version->second == std::to_string(*feed.starting_version);
    return is_start ? "starting_version" : "";
  }
  if (error.code() != "DELTA_CHANGE_RANGE_INVALID") return "";
  if (feed.starting_version.value_or(0) < 0) return "starting_version";
  return feed.ending_version ? "ending_version" : "ending_timestamp";
}

[[noreturn]] void fail(const base::Error& error, const IncrementalCdf& feed,
                       const Lowering& lowering) {
  const auto field = field_of(error, feed);
  const auto path = lowering.path() + ".transform" + (field.empty() ? "" : "." + field);
  auto details = error.details();
  if (const auto table = details.find("path"); table != details.end()) {
    details["location"] = table->second;
  }
  details["view"] = lowering.view_name();
  details["path"] = path;
  throw base::Error(
      error.stage(), error.code(),
      "view " + in_quotes(lowering.view_name()) + " (" + path + "): " + error.message(),
      std::move(details));
}

// As in Spark the changes end with the latest version then.
void warn_of_end(const IncrementalCdf& feed, const delta::Snapshot& snapshot,
                 const Lowering& lowering) {
  if (!feed.ending_version || *feed.ending_version <= snapshot.version()) return;
  const auto path = lowering.path() + ".transform.ending_version";
  const auto version = std::to_string(snapshot.version());
  lowering.warn(path + ": there is no version " + std::to_string(*feed.ending_version) +
                    " yet; the changes end with version " + version + ", the latest",
                {{"path", path}, {"version", version}});
}

}  // namespace

PlanPtr lower(const IncrementalCdf& feed, Lowering& lowering) {
  const auto& snapshot = snapshot_of(feed.source, "IncrementalCdf", lowering);
  const auto options = range_options(feed, lowering);
  auto name = "__changes_" + lowering.view_name();
  while (lowering.has_other_relation(name)) name.insert(0, "_");
  const auto view = duck::quote_identifier(name);
  try {
    lowering.connection().execute("CREATE OR REPLACE TEMPORARY VIEW " + view +
                                  " AS SELECT * FROM delta_changes(" +
                                  duck::quote_string(snapshot.location()) + options +
                                  ", version := " + std::to_string(snapshot.version()) + ")");
  } catch (const base::Error& error) {
    if (!error.code().starts_with("DELTA_")) throw;
    fail(error, feed, lowering);
  }
  warn_of_end(feed, snapshot, lowering);
  const auto plan = make_plan(ScanNode{name});
  lowering.add_relation(name, {.plan = plan,
                               .columns = lowering.types().columns_of("SELECT * FROM " + view),
                               .snapshot = nullptr,
                               .is_fact_table = true});
  return plan;
}

}  // namespace engine
