// Which actions of a file of the log a reader wants.
#pragma once

namespace delta {

// The kinds of action to parse; the lines of the others are left unread.
struct ActionSelection {
  bool files = false;    // add, remove
  bool changes = false;  // cdc
  bool commit_info = false;
  bool table = false;       // all others
  bool tombstones = false;  // the removes of Parquet checkpoints, too
};

inline constexpr ActionSelection kEveryAction{true, true, true, true};

}  // namespace delta
