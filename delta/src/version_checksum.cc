#include "delta/src/version_checksum.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "delta/src/action_sink.h"
#include "delta/src/commit_reader.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

using nlohmann::json;

// Beyond that, the file would grow with the writers that a table has had.
constexpr std::size_t kMostTransactions = 100;
// Spark's limit.
constexpr std::size_t kMostListedFiles = 50;
// Of one change: those that come and go on the way to few files.
constexpr std::size_t kMostChangedFiles = 1000;

// The object of an action, as it stands in a commit.
json object_of(const Action& action) {
  json line = json::parse(to_json_line(action));
  return line.begin().value();
}

template <typename Actions>
json list_of(const Actions& actions) {
  json list = json::array();
  for (const auto& [name, action] : actions) list.push_back(object_of(action));
  return list;
}

class ChecksumSink final : public ActionSink {
 public:
  explicit ChecksumSink(VersionChecksum& checksum) : checksum_(checksum) {}

  void on_protocol(Protocol&& protocol) override { checksum_.protocol = std::move(protocol); }
  void on_metadata(Metadata&& metadata) override { checksum_.metadata = std::move(metadata); }
  void on_transaction(SetTransaction&& transaction) override {
    std::string id = transaction.app_id;
    checksum_.transactions->insert_or_assign(std::move(id), std::move(transaction));
  }
  void on_domain_metadata(DomainMetadata&& domain) override {
    std::string name = domain.domain;
    checksum_.domain_metadata->insert_or_assign(std::move(name), std::move(domain));
  }

  void on_add(AddFile&& add) override {
    std::string key = listing_key(add.path, add.deletion_vector);
    checksum_.all_files->insert_or_assign(std::move(key), std::move(add));
  }

 private:
  VersionChecksum& checksum_;
};

std::optional<std::int64_t> number(const json& object, const char* key) {
  const auto entry = object.find(key);
  if (entry == object.end() || !entry->is_number_integer()) return std::nullopt;
  return entry->get<std::int64_t>();
}

// The actions that the file holds, as the lines of a commit.
std::string lines_of(const json& object, VersionChecksum& checksum) {
  std::string lines = json({{"metaData", object.at("metadata")}}).dump() + "\n" +
                      json({{"protocol", object.at("protocol")}}).dump() + "\n";
  const auto append = [&](const char* list, const char* action) {
    const auto entry = object.find(list);
    if (entry == object.end() || !entry->is_array()) return false;
    for (const json& one : *entry) lines += json({{action, one}}).dump() + "\n";
    return true;
  };
  if (append("setTransactions", "txn")) checksum.transactions.emplace();
  if (append("domainMetadata", "domainMetadata")) checksum.domain_metadata.emplace();
  if (append("allFiles", "add")) checksum.all_files.emplace();
  return lines;
}

std::optional<VersionChecksum> parse(const std::string& text, const std::string& path) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object() || !object.contains("metadata") || !object.contains("protocol")) {
    return std::nullopt;
  }
  const auto bytes = number(object, "tableSizeBytes");
  const auto files = number(object, "numFiles");
  if (!bytes || !files) return std::nullopt;
  VersionChecksum checksum;
  checksum.table_size_bytes = *bytes;
  checksum.num_files = *files;
  const auto id = object.find("txnId");
  if (id != object.end() && id->is_string()) checksum.txn_id = id->get<std::string>();
  checksum.deleted_records = number(object, "numDeletedRecordsOpt");
  checksum.deletion_vectors = number(object, "numDeletionVectorsOpt");
  checksum.in_commit_timestamp = number(object, "inCommitTimestampOpt");
  std::string lines = lines_of(object, checksum);
  ChecksumSink sink(checksum);
  CommitReader().read(std::move(lines), path, {.files = true, .table = true}, sink);
  return checksum;
}

}  // namespace

std::string listing_key(const std::string& path_in_log,
                        const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  std::string key = canonical_path(path_in_log);
  // A path has no zero byte.
  return deletion_vector ? key + '\0' + deletion_vector->unique_id() : key;
}

std::optional<FileListing> listing_of(std::span<const AddFile> files) {
  if (files.size() > kMostChangedFiles) return std::nullopt;
  FileListing listing;
  for (AddFile file : files) {
    file.data_change = false;
    std::string key = listing_key(file.path, file.deletion_vector);
    listing.insert_or_assign(std::move(key), std::move(file));
  }
  return listing;
}

std::string to_json(const VersionChecksum& checksum) {
  json object = {{"tableSizeBytes", checksum.table_size_bytes},
                 {"numFiles", checksum.num_files},
                 {"numMetadata", 1},
                 {"numProtocol", 1},
                 {"metadata", object_of(checksum.metadata)},
                 {"protocol", object_of(checksum.protocol)}};
  if (checksum.txn_id) object["txnId"] = *checksum.txn_id;
  if (checksum.deleted_records) object["numDeletedRecordsOpt"] = *checksum.deleted_records;
  if (checksum.deletion_vectors) object["numDeletionVectorsOpt"] = *checksum.deletion_vectors;
  if (checksum.in_commit_timestamp) object["inCommitTimestampOpt"] = *checksum.in_commit_timestamp;
  if (checksum.transactions && checksum.transactions->size() <= kMostTransactions) {
    object["setTransactions"] = list_of(*checksum.transactions);
  }
  if (checksum.domain_metadata) object["domainMetadata"] = list_of(*checksum.domain_metadata);
  if (checksum.all_files && checksum.all_files->size() <= kMostListedFiles) {
    object["allFiles"] = list_of(*checksum.all_files);
  }
  return object.dump();
}

std::optional<VersionChecksum> read_version_checksum(const Store& store,
                                                     const std::string& location,
                                                     std::int64_t version) {
  const std::string path = checksum_path(location, version);
  try {
    return parse(store.read(path), path);
  } catch (const base::Error& error) {
    if (is_broken_file(error) || error.code() == "DELTA_STORE_NOT_FOUND") return std::nullopt;
    throw;
  }
}

void ChecksumChange::count(const std::optional<DeletionVectorDescriptor>& vector,
                           std::int64_t sign) {
  if (!vector) return;
  deletion_vectors_ += sign;
  deleted_records_ += sign * vector->cardinality;
}

ChecksumChange ChecksumChange::without_files() {
  ChecksumChange change;
  change.listed_.reset();
  return change;
}

void ChecksumChange::list(std::string key, std::optional<AddFile> file) {
  if (file) file->data_change = false;
  listed_->insert_or_assign(std::move(key), std::move(file));
  if (listed_->size() > kMostChangedFiles) listed_.reset();
}

void ChecksumChange::add(const AddFile& file) {
  ++files_;
  bytes_ += file.size;
  count(file.deletion_vector, 1);
  if (listed_) list(listing_key(file.path, file.deletion_vector), file);
}

void ChecksumChange::remove(const RemoveFile& file) {
  if (!file.size) is_known_ = false;
  --files_;
  bytes_ -= file.size.value_or(0);
  count(file.deletion_vector, -1);
  if (listed_) list(listing_key(file.path, file.deletion_vector), std::nullopt);
}

void ChecksumChange::count_commit(std::span<const AddFile> adds,
                                  std::span<const RemoveFile> removes) {
  const auto arranges = [](const auto& file) { return !file.data_change; };
  const bool adds_anew = std::any_of(adds.begin(), adds.end(), arranges);
  if (adds_anew && std::none_of(removes.begin(), removes.end(), arranges)) is_known_ = false;
  for (const RemoveFile& file : removes) remove(file);
  for (const AddFile& file : adds) add(file);
}

void ChecksumChange::set(const SetTransaction& transaction) {
  transactions_.insert_or_assign(transaction.app_id, transaction);
}

void ChecksumChange::set(const DomainMetadata& domain) {
  domains_.insert_or_assign(domain.domain, domain);
}

bool ChecksumChange::apply_to(VersionChecksum& checksum) const {
  if (!is_known_) return false;
  checksum.table_size_bytes += bytes_;
  checksum.num_files += files_;
  if (checksum.deletion_vectors) *checksum.deletion_vectors += deletion_vectors_;
  if (checksum.deleted_records) *checksum.deleted_records += deleted_records_;
  if (!listed_) checksum.all_files.reset();
  if (checksum.all_files) {
    for (const auto& [key, file] : *listed_) {
      checksum.all_files->erase(key);
      if (file) checksum.all_files->emplace(key, *file);
    }
  }
  if (checksum.transactions) {
    for (const auto& [id, transaction] : transactions_) {
      checksum.transactions->insert_or_assign(id, transaction);
    }
  }
  if (checksum.domain_metadata) {
    for (const auto& [name, domain] : domains_) {
      checksum.domain_metadata->insert_or_assign(name, domain);
      if (domain.removed) checksum.domain_metadata->erase(name);
    }
  }
  return true;
}

}  // namespace delta
