// The sums that a log keeps of each version: PROTOCOL.md, "Version Checksum File".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "delta/actions.h"
#include "delta/store.h"

namespace delta {

// The live files of a version by file and deletion vector, none of them marked as changing data.
using FileListing = std::map<std::string, AddFile>;
std::string listing_key(const std::string& path_in_log,
                        const std::optional<DeletionVectorDescriptor>& deletion_vector);
// Nothing when there are too many.
std::optional<FileListing> listing_of(std::span<const AddFile> files);

// What is optional is left out by some writers.
struct VersionChecksum {
  std::optional<std::string> txn_id;
  std::int64_t table_size_bytes = 0;
  std::int64_t num_files = 0;
  std::optional<std::int64_t> deleted_records;   // by deletion vectors
  std::optional<std::int64_t> deletion_vectors;  // how many
  std::optional<std::int64_t> in_commit_timestamp;
  std::optional<std::map<std::string, SetTransaction>> transactions;     // by appId
  std::optional<std::map<std::string, DomainMetadata>> domain_metadata;  // those not removed
  std::optional<FileListing> all_files;
  Metadata metadata;
  Protocol protocol;
};

// The text of the file. Long lists are left out, as Spark does: each commit would write them anew.
std::string to_json(const VersionChecksum& checksum);

// Nothing when there is none, or when it is none: readers go on without.
std::optional<VersionChecksum> read_version_checksum(const Store& store,
                                                     const std::string& location,
                                                     std::int64_t version);

// How one version differs from an earlier one. Many files are counted, but not kept.
class ChecksumChange {
 public:
  // Keeps no files at all: for who wants their sums.
  static ChecksumChange without_files();

  // A file that was there before.
  void add(const AddFile& file);
  // The files of a commit. A file of unknown size, or that is there already and only committed
  // anew, makes the change unknown.
  void count_commit(std::span<const AddFile> adds, std::span<const RemoveFile> removes);
  void set(const SetTransaction& transaction);
  void set(const DomainMetadata& domain);

  // Applies the files, transactions and domains. False when they are not known. The checksum lists
  // its files afterwards if it did so before, and they are few.
  bool apply_to(VersionChecksum& checksum) const;

 private:
  void remove(const RemoveFile& file);
  void list(std::string key, std::optional<AddFile> file);
  void count(const std::optional<DeletionVectorDescriptor>& vector, std::int64_t sign);

  bool is_known_ = true;
  std::int64_t bytes_ = 0;
  std::int64_t files_ = 0;
  std::int64_t deleted_records_ = 0;
  std::int64_t deletion_vectors_ = 0;
  std::map<std::string, SetTransaction> transactions_;
  std::map<std::string, DomainMetadata> domains_;
  // What has become of files: removed, when there is none. Nothing once they are too many.
  std::optional<std::map<std::string, std::optional<AddFile>>> listed_{std::in_place};
};

}  // namespace delta
