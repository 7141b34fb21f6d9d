// What a transaction is to change, and what that rests on.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/src/conflict.h"

namespace delta {

// What the methods of Transaction gather. It is committed after check() and settle(), and changes
// no more from then on.
struct TransactionChanges {
  std::shared_ptr<Store> store;
  std::string location;
  std::shared_ptr<const Snapshot> base;  // null when the table is being created
  WriterCapabilities capabilities;
  Protocol protocol;  // of the table after the commit
  Metadata metadata;  // likewise
  bool changes_protocol = false;
  bool changes_metadata = false;
  bool data_change = true;
  std::vector<AddFile> adds;
  std::vector<AddCdcFile> change_data;
  std::vector<RemoveFile> removes;
  std::set<std::string> removed_paths;  // canonical
  bool removes_all = false;
  std::vector<SetTransaction> transactions;
  std::vector<DomainMetadata> domains;  // one of a name
  TransactionReads reads;

  // Takes the place of what was to be set for the same domain.
  void set_domain(DomainMetadata domain);

  // Throws DELTA_APPEND_ONLY and DELTA_SCHEMA_MISMATCH for what the table does not allow.
  void check() const;
  // Brings what was said one by one into line. `now` is the time of the removals. Throws
  // DELTA_FILE_REPEATED for what no commit may hold.
  void settle(std::int64_t now);

  TransactionIntent intent() const;
  bool is_blind_append() const;
  bool only_raises_high_water_marks() const;
  bool enables_in_commit_timestamps() const;
  // Whether a file that has not been there comes while another goes, so that rows move.
  bool moves_rows() const;

 private:
  bool changes_data() const;
  void check_types() const;
  void check_files() const;
  void settle_row_ids();
  void give_row_ids_to_old_files();
};

}  // namespace delta
