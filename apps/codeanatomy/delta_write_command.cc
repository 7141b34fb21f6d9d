#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "apps/codeanatomy/column_list.h"
#include "apps/codeanatomy/database_options.h"
#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/source_columns.h"
#include "apps/codeanatomy/source_file.h"
#include "apps/codeanatomy/text_file.h"
#include "base/error.h"
#include "base/quantity.h"
#include "duck/interrupt_watch.h"
#include "duck/table_write.h"

namespace apps {
namespace {

base::Error usage(const std::string& message) {
  return {base::Stage::kValidation, "USAGE", message};
}

struct WriteArguments {
  std::string path;
  std::string from;
  std::optional<std::string> mode;
  std::vector<std::string> partition_by;
  std::string partition_overwrite = "static";
  std::vector<std::string> cluster_by;
  std::optional<std::string> replace_where;
  bool merge_schema = false;
  std::vector<std::string> properties;
  std::optional<std::string> transaction;
  int retries = 15;
  DatabaseOptions database;
};

std::map<std::string, std::string> parse_properties(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> properties;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw usage("--property takes KEY=VALUE, not " + text);
    }
    properties[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return properties;
}

delta::SetTransaction parse_transaction(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  delta::SetTransaction transaction;
  if (colon != std::string::npos && colon > 0) {
    const std::string_view number = std::string_view(text).substr(colon + 1);
    const auto [end, fault] =
        std::from_chars(number.data(), number.data() + number.size(), transaction.version);
    transaction.app_id = text.substr(0, colon);
    if (fault == std::errc() && end == number.data() + number.size()) return transaction;
  }
  throw usage("--txn takes APP:VERSION, not " + text);
}

duck::WriteMode mode_of(const WriteArguments& arguments) {
  // Replacing some rows is a way of overwriting.
  const std::string mode =
      arguments.mode.value_or(arguments.replace_where ? "overwrite" : "append");
  if (arguments.replace_where && mode != "overwrite") {
    throw usage("--replace-where overwrites rows, which --mode " + mode + " does not");
  }
  if (mode == "overwrite") return duck::WriteMode::kOverwrite;
  return mode == "error" ? duck::WriteMode::kErrorIfExists : duck::WriteMode::kAppend;
}

void write(const WriteArguments& arguments, const std::stop_token& stop) {
  const duck::WriteMode mode = mode_of(arguments);
  const SourceFile file = source_file(arguments.from);
  duck::TableWriteOptions options{
      .location = arguments.path,
      .mode = mode,
      .replace_where = arguments.replace_where,
      .only_partitions_of_rows = arguments.partition_overwrite == "dynamic",
      .merge_schema = arguments.merge_schema,
      .partition_by = arguments.partition_by,
      .cluster_by = arguments.cluster_by,
      .properties = parse_properties(arguments.properties),
      .max_retries = arguments.retries};
  if (arguments.transaction) options.transaction = parse_transaction(*arguments.transaction);
  duck::Database database(arguments.database.config());
  duck::Connection connection(database);
  const duck::InterruptWatch watch(connection, stop);
  check_columns(connection, file, arguments.path);
  const auto result = duck::write_table(database, connection, rows_query(file), {}, options);
  tell_warnings(result.warnings);
  if (result.already_written) {
    return write_standard_output(
        fmt::format("version {} has transaction {} already; nothing was written\n", result.version,
                    *arguments.transaction));
  }
  write_standard_output(fmt::format(
      "version {}: {} in {}, {}\n", result.version, base::counted_text(result.rows, "row"),
      base::counted_text(result.files, "file"), base::size_text(result.bytes)));
}

}  // namespace

void add_delta_write_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<WriteArguments>();
  CLI::App* command = delta.add_subcommand("write", "Write the rows of a file to the table");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  command->add_option("--from", arguments->from, "A .parquet, .csv or .jsonl file")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--mode", arguments->mode,
                   "append (the default), overwrite, or error if it is there")
      ->check(CLI::IsMember({"append", "overwrite", "error"}))
      ->option_text("MODE");
  add_column_list_option(*command, "--partition-by", arguments->partition_by, "Of a new table");
  command
      ->add_option("--partition-overwrite", arguments->partition_overwrite,
                   "What --mode overwrite replaces: static, all; dynamic, the rows' partitions")
      ->check(CLI::IsMember({"static", "dynamic"}))
      ->option_text("WHAT");
  add_column_list_option(*command, "--cluster-by", arguments->cluster_by, "Of a new table");
  command
      ->add_option("--replace-where", arguments->replace_where,
                   "Replace the rows for which this is true")
      ->option_text("SQL");
  command->add_flag("--merge-schema", arguments->merge_schema,
                    "Add columns and fields that the table lacks");
  command->add_option("--property", arguments->properties, "Set a table property")
      ->option_text("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_option("--txn", arguments->transaction, "Write once for this id and version")
      ->option_text("APP:VERSION");
  command->add_option("--retries", arguments->retries, "How often a lost race is run again")
      ->check(not_negative())
      ->option_text("N");
  arguments->database.add_to(*command);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { write(*arguments, stop); };
  });
}

}  // namespace apps
