// Changing a table: PROTOCOL.md, "Actions" and "Row Tracking".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "delta/actions.h"
#include "delta/commit.h"
#include "delta/new_table.h"
#include "delta/predicate.h"
#include "delta/snapshot.h"

namespace delta {

struct TransactionChanges;

// A set of changes that becomes one version, or nothing. Not thread-safe. A transaction that is
// not committed leaves the table as it was; its data files belong to the caller.
//
// Row ids, row commit versions and their high-water mark (feature rowTracking), in-commit
// timestamps, ids and physical names of new columns (feature columnMapping) are given by the
// library, anew on each retry where another commit has taken them.
class Transaction {
 public:
  // Creates the table at `location`. Committing throws DELTA_COMMIT_CONFLICT when one came to be
  // there in the meantime. DELTA_SCHEMA_INVALID, DELTA_PROPERTY_INVALID for a definition that makes
  // no sense.
  static Transaction create(std::shared_ptr<Store> store, const std::string& location,
                            const NewTable& table, const WriterCapabilities& capabilities = {});

  // Changes the table of `base`. Throws DELTA_UNSUPPORTED_FEATURE when it needs what neither this
  // library nor its caller can do. Whoever writes no rows has every capability.
  static Transaction start(std::shared_ptr<const Snapshot> base,
                           const WriterCapabilities& capabilities = {});

  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  // The table after the commit. New columns of a mapped table have their ids and physical names.
  const Protocol& protocol() const;
  const Metadata& metadata() const;

  // A file that keeps the path of one that is removed keeps its row ids too. That it has another
  // deletion vector, and no other file this path, is checked by commit: DELTA_FILE_REPEATED.
  void add(AddFile file);
  // Removes a file of the base snapshot.
  void remove(const AddFile& file);
  // Removes every file of the base snapshot, and counts as reading them all.
  void remove_all();
  // Replaces which rows of a file of the base snapshot are deleted. Throws
  // DELTA_UNSUPPORTED_FEATURE for a table without the feature deletionVectors, and for one with a
  // change data feed unless change_data is among the capabilities; DELTA_STATS_MISSING for a file
  // of which the number of rows is not known.
  void replace_deletion_vector(const AddFile& file, DeletionVectorDescriptor deletion_vector);
  // Rows that changed: PROTOCOL.md, "Add CDC File". Where a commit has any, they are all that
  // readers of the change feed see of it.
  void add_change_data(AddCdcFile file);
  // Replaces schema, partition columns and configuration. A clustered table whose columns for that
  // are not there any more, or that gets partitions, is clustered no more. Committing throws
  // DELTA_SCHEMA_MISMATCH when a column gets another type and files of the base snapshot stay.
  void update_metadata(Metadata metadata);
  // The last values that were generated for identity columns (identity_columns.h), by the columns'
  // names. Changes the metadata: of concurrent commits that generate values, one succeeds.
  void set_high_water_marks(const std::map<std::string, std::int64_t>& marks);
  // Throws DELTA_UNSUPPORTED_FEATURE for a table without the feature domainMetadata, and for a
  // domain of the protocol ("delta.…") other than delta.clustering.
  void set_domain_metadata(DomainMetadata domain);
  void set_transaction(SetTransaction transaction);
  // False: files are arranged anew, with the rows that they had. Such a commit does not conflict
  // with rows that are added meanwhile.
  void set_data_change(bool data_change);

  // What the changes rest on; another commit that changes it in the meantime is a conflict. A
  // transaction that removes data, and has said nothing about what it read, counts as having read
  // the whole table.
  void read_whole_table();
  // The rows for which the predicate is true. Files that cannot hold one are not read.
  void read_files(Predicate predicate);
  void read_file(const AddFile& file);

  // Puts the next version, or a later one when others were first and nothing that they did
  // conflicts: DELTA_COMMIT_CONFLICT (details["conflict"], details["version"], details["reason"])
  //   ProtocolChanged                    in any case
  //   MetadataChanged                    unless high-water marks of identity columns alone changed
  //                                      and this one leaves the metadata alone
  //   ConcurrentTransaction              the same transaction identifier, with a lower version
  //   ConcurrentDomainMetadata           the same domain
  //   ConcurrentAppend                   rows that this one should have read
  //   ConcurrentDeleteRead               a file that this one has read
  //   ConcurrentDeleteDelete             a file that this one removes
  //   TableCreated                       where this one was to create it
  //   TableReplaced                      the table was removed, or made again under its path
  //   RetriesExhausted                   max_retries
  // Blind appends, which have read nothing, meet the first four and the last three only. Rows of
  // blind appends by others are no ConcurrentAppend where delta.isolationLevel is
  // "WriteSerializable" and this one leaves the metadata alone; the default is "Serializable".
  //
  // The version checksum is written where it is known without reading the table, and every
  // delta.checkpointInterval-th version gets a checkpoint; whatever fails then, the commit stands.
  CommitResult commit(const CommitOptions& options);

 private:
  explicit Transaction(std::unique_ptr<TransactionChanges> changes);
  std::unique_ptr<TransactionChanges> changes_;
};

}  // namespace delta
