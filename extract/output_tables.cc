#include "extract/output_tables.h"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "delta/table_place.h"
#include "extract/fact_tables.h"

namespace extract {
namespace {

namespace fs = std::filesystem;

// Adds `folder` and the folders above it that do not exist, the uppermost first.
void note_missing(const fs::path& folder, std::vector<fs::path>& missing) {
  std::error_code error;
  if (!delta::is_local(folder.string())) return;
  if (folder.empty() || fs::exists(folder, error)) return;
  if (std::ranges::find(missing, folder) != missing.end()) return;
  note_missing(folder.parent_path(), missing);
  missing.push_back(folder);
}

void remove_quietly(delta::Store& store, const std::string& path) noexcept {
  try {
    store.remove(path);
  } catch (const base::Error&) {
    return;  // a vacuum takes what stays
  }
}

}  // namespace

OutputTables::OutputTables(duck::Database& database, const std::string& output_directory)
    : store_(delta::store_for(output_directory)), engine_(database.parquet_engine()) {
  const std::string root = delta::normalize_location(output_directory);
  for (std::size_t i = 0; i < kFactTableCount; ++i) {
    Table& table = tables_[i];
    table.location = root + '/' + fact_tables()[i].name;
    delta::check_place(table.location);
    note_missing(table.location + "/_delta_log", made_folders_);
    if (!delta::Snapshot::exists(*store_, table.location)) continue;
    table.snapshot = delta::Snapshot::load(store_, engine_, table.location);
    delta::check_writable(table.snapshot->protocol(), table.snapshot->metadata());
  }
}

OutputTables::~OutputTables() { remove_uncommitted(); }

void OutputTables::keep(std::size_t table, std::vector<delta::AddFile> files) {
  std::ranges::move(files, std::back_inserter(tables_[table].files));
}

std::array<delta::CommitResult, kFactTableCount> OutputTables::commit() {
  std::array<delta::CommitResult, kFactTableCount> results;
  std::string committed;
  for (std::size_t i = 0; i < kFactTableCount; ++i) {
    try {
      results[i] = commit(i);
    } catch (const base::Error& error) {
      if (committed.empty()) throw;
      base::Error::Details details = error.details();
      details["committed"] = committed;
      throw base::Error(error.stage(), error.code(),
                        error.message() + " (already committed: " + committed + ")",
                        std::move(details));
    }
    committed += (committed.empty() ? "" : ", ") + std::string(fact_tables()[i].name);
  }
  return results;
}

delta::Transaction OutputTables::begin(const Table& table, const FactTable& fact_table) const {
  if (table.snapshot != nullptr) return delta::Transaction::start(table.snapshot);
  delta::NewTable new_table;
  new_table.schema = fact_table.schema;
  new_table.name = fact_table.name;
  return delta::Transaction::create(store_, table.location, new_table);
}

delta::CommitResult OutputTables::commit(std::size_t index) {
  Table& table = tables_[index];
  const FactTable& fact_table = fact_tables()[index];
  delta::CommitOptions options;
  options.operation_parameters = {{"mode", "Overwrite"}};
  delta::Transaction transaction = begin(table, fact_table);
  if (table.snapshot != nullptr) {
    transaction.remove_all();
    if (table.snapshot->schema() != fact_table.schema) {
      delta::Metadata metadata = table.snapshot->metadata();
      metadata.schema_string = delta::to_json(fact_table.schema);
      metadata.partition_columns.clear();
      transaction.update_metadata(std::move(metadata));
    }
  }
  for (const delta::AddFile& file : table.files) transaction.add(file);
  try {
    const delta::CommitResult result = transaction.commit(options);
    table.files.clear();
    return result;
  } catch (const base::Error& error) {
    // Files that a log may name stay.
    if (delta::may_have_committed(error)) table.files.clear();
    throw;
  }
}

void OutputTables::remove_uncommitted() noexcept {
  for (const Table& table : tables_) {
    for (const delta::AddFile& file : table.files) {
      remove_quietly(*store_, table.location + '/' + delta::canonical_path(file.path));
    }
  }
  // Only empty folders go: what holds a committed table stays.
  for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder) {
    std::error_code ignored;
    fs::remove(*folder, ignored);
  }
}

}  // namespace extract
