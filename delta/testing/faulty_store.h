// A store that fails on demand, for tests of what must hold when stores fail.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "delta/store.h"

namespace delta {

// What happens at the call chosen.
enum class Fault {
  kNoSpace,      // nothing is changed: DELTA_STORE_NO_SPACE
  kIoError,      // nothing is changed: DELTA_STORE_IO_ERROR
  kDenied,       // nothing is changed: DELTA_STORE_PERMISSION_DENIED
  kLostAnswer,   // the change is made, and yet: DELTA_STORE_IO_ERROR
  kRepeated,     // put_if_absent makes the change, and yet says that the file was there already
  kCrashBefore,  // Crash, before the change; every later call crashes too
  kCrashAfter,   // Crash, after the change; likewise
  kInterlude,    // something else happens first: see before_change
};

// The process is gone. No base::Error, so that nothing recovers from it.
class Crash final : public std::exception {
 public:
  const char* what() const noexcept override { return "crash point"; }
};

// Passes calls on to another store. Thread-safe when that one is.
class FaultyStore : public Store {
 public:
  explicit FaultyStore(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  // The change number `number` from now on, counted from 1, meets the fault. Changes are
  // put_if_absent, put, remove (also each of remove_all) and remove_empty_folders.
  void fail_change(int number, Fault fault);
  // Likewise for the reads (read, read_range, check_range, list and list_tree).
  void fail_read(int number, Fault fault);

  // What happens before the call chosen, which then goes on.
  void before_change(int number, std::function<void()> interlude);
  void before_read(int number, std::function<void()> interlude);

  // Whether the fault has come about.
  bool has_failed() const { return failed_; }
  int changes() const { return changes_; }

  std::string read(const std::string& path) const override;
  std::string read_range(const std::string& path, std::int64_t offset,
                         std::int64_t size) const override;
  bool check_range(const std::string& path, std::int64_t offset, std::int64_t size) const override;
  std::vector<FileStatus> list(const std::string& directory,
                               std::string_view first_name) const override;
  bool put_if_absent(const std::string& path, std::string_view bytes) override;
  void put(const std::string& path, std::string_view bytes) override;
  void remove(const std::string& path) override;
  std::vector<FileStatus> list_tree(const std::string& directory,
                                    const FolderFilter& enters) const override;
  std::int64_t remove_empty_folders(const std::string& directory, const FolderFilter& enters,
                                    std::int64_t unchanged_since) override;

 private:
  // Whether the fault strikes now.
  bool strikes(std::atomic<int>& until) const;
  void before(const std::string& path, bool struck) const;
  void after(const std::string& path, bool struck) const;

  std::shared_ptr<Store> store_;
  Fault fault_ = Fault::kIoError;
  std::function<void()> interlude_;
  mutable std::atomic<int> until_change_ = 0;
  mutable std::atomic<int> until_read_ = 0;
  mutable std::atomic<bool> failed_ = false;
  mutable std::atomic<bool> crashed_ = false;
  std::atomic<int> changes_ = 0;
};

}  // namespace delta
