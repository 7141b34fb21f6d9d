#include "duck/append_once.h"

#include "delta/history.h"

namespace duck {
namespace {

std::string text(const nlohmann::json& object, const char* key) {
  const auto entry = object.find(key);
  return entry != object.end() && entry->is_string() ? entry->get<std::string>() : "";
}

// Whether nothing, or what was there before, is left of the rows after such a commit.
bool takes_all_rows(const nlohmann::json& info) {
  const std::string operation = text(info, "operation");
  if (operation == "RESTORE" || operation == "TRUNCATE" ||
      operation.find("REPLACE") != std::string::npos) {
    return true;
  }
  if (operation != "WRITE") return false;
  const nlohmann::json parameters = info.value("operationParameters", nlohmann::json::object());
  return text(parameters, "mode") == "Overwrite" && !parameters.contains("predicate") &&
         text(parameters, "partitionOverwriteMode") != "dynamic";
}

bool are_gone(const delta::Snapshot& table, const std::string& id) {
  for (const delta::HistoryEntry& commit : delta::history(table)) {
    if (text(commit.info.fields, kAppendIdProperty) == id) return false;
    if (takes_all_rows(commit.info.fields)) return true;
  }
  return false;
}

}  // namespace

std::optional<delta::SetTransaction> append_transaction(const delta::Snapshot* table,
                                                        const std::string& id) {
  delta::SetTransaction transaction{.app_id = id, .version = 1};
  if (table == nullptr) return transaction;
  const auto there = table->transaction_version(id);
  if (!there) return transaction;
  if (!are_gone(*table, id)) return std::nullopt;
  transaction.version = *there + 1;
  return transaction;
}

}  // namespace duck
