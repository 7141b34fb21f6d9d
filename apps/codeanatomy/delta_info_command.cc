#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/text_file.h"
#include "base/quantity.h"
#include "base/time.h"
#include "delta/file_rows.h"
#include "duck/database.h"

namespace apps {
namespace {

using Json = nlohmann::ordered_json;

struct InfoOptions {
  std::string path;
  std::optional<std::int64_t> version;
  std::string format = "text";
};

struct FileTotals {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::optional<std::int64_t> rows = 0;
  std::int64_t deletion_vectors = 0;
  std::int64_t deleted_rows = 0;
};

FileTotals totals_of(const delta::Snapshot& snapshot) {
  FileTotals totals;
  for (const delta::AddFile& file : snapshot.files()) {
    ++totals.files;
    totals.bytes += file.size;
    if (!file.deletion_vector) continue;
    ++totals.deletion_vectors;
    totals.deleted_rows += file.deletion_vector->cardinality;
  }
  for (const auto& rows : delta::file_rows(snapshot.files())) {
    totals.rows = rows && totals.rows ? std::optional(*totals.rows + *rows) : std::nullopt;
  }
  return totals;
}

template <typename T>
Json json_of(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const delta::Protocol& protocol) {
  return {{"min_reader_version", protocol.min_reader_version},
          {"min_writer_version", protocol.min_writer_version},
          {"reader_features", protocol.reader_features.value_or(std::vector<std::string>{})},
          {"writer_features", protocol.writer_features.value_or(std::vector<std::string>{})}};
}

Json json_of(const delta::Snapshot& snapshot) {
  const delta::Metadata& metadata = snapshot.metadata();
  const FileTotals totals = totals_of(snapshot);
  Json domains = Json::object();
  for (const auto& [name, domain] : snapshot.domain_metadata()) {
    domains[name] = domain.configuration;
  }
  const auto created = metadata.created_time
                           ? std::optional(base::to_rfc3339(*metadata.created_time * 1000))
                           : std::nullopt;
  return {{"location", snapshot.location()},
          {"version", snapshot.version()},
          {"id", metadata.id},
          {"name", json_of(metadata.name)},
          {"description", json_of(metadata.description)},
          {"created_at", json_of(created)},
          {"protocol", json_of(snapshot.protocol())},
          {"schema", Json::parse(metadata.schema_string)},
          {"partition_columns", metadata.partition_columns},
          {"configuration", metadata.configuration},
          {"domain_metadata", domains},
          {"files", totals.files},
          {"bytes", totals.bytes},
          {"rows", json_of(totals.rows)},
          {"deletion_vectors", totals.deletion_vectors},
          {"deleted_rows", totals.deleted_rows}};
}

std::string text_of(const delta::Snapshot& snapshot) {
  const FileTotals totals = totals_of(snapshot);
  const delta::Protocol& protocol = snapshot.protocol();
  std::string text = fmt::format("{}, version {}\n", snapshot.location(), snapshot.version());
  text += fmt::format("{}, {}, {}", base::counted_text(totals.files, "file"),
                      base::size_text(totals.bytes),
                      totals.rows ? base::counted_text(*totals.rows, "row") : "rows unknown");
  if (totals.deletion_vectors > 0) {
    text += fmt::format(", {} deleted by {}", base::counted_text(totals.deleted_rows, "row"),
                        base::counted_text(totals.deletion_vectors, "vector"));
  }
  text += fmt::format("\nprotocol: reader {}, writer {}", protocol.min_reader_version,
                      protocol.min_writer_version);
  if (protocol.writer_features && !protocol.writer_features->empty()) {
    text += fmt::format(" ({})", fmt::join(*protocol.writer_features, ", "));
  }
  const auto& partitions = snapshot.metadata().partition_columns;
  text += "\ncolumns:\n";
  for (const delta::StructField& field : snapshot.schema().fields) {
    const bool is_partition = std::ranges::find(partitions, field.name) != partitions.end();
    text += fmt::format("  {} {}{}{}\n", field.name, field.type.to_string(),
                        field.nullable ? "" : " not null", is_partition ? ", partition" : "");
  }
  for (const auto& [key, value] : snapshot.metadata().configuration) {
    text += fmt::format("{} = {}\n", key, value);
  }
  return text;
}

void run(const InfoOptions& options) {
  duck::Database database({});
  const auto snapshot = database.snapshot(options.path, options.version);
  write_standard_output(options.format == "json" ? json_of(*snapshot).dump(2) + "\n"
                                                 : text_of(*snapshot));
}

}  // namespace

void add_delta_info_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App* command =
      delta.add_subcommand("info", "The table's version, protocol, columns, properties and size");
  command->add_option("PATH", options->path, "The table's folder")->required();
  command->add_option("--version", options->version, "As it was at this version")->type_name("N");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->option_text("FORMAT");
  command->callback(
      [options, &chosen] { chosen = [options](const std::stop_token&) { run(*options); }; });
}

}  // namespace apps
