#include "delta/testing/faulty_store.h"

#include <cerrno>
#include <utility>

#include "delta/src/store_error.h"

namespace delta {

void FaultyStore::fail_change(int number, Fault fault) {
  fault_ = fault;
  until_change_ = number;
  failed_ = false;
}

void FaultyStore::fail_read(int number, Fault fault) {
  fault_ = fault;
  until_read_ = number;
  failed_ = false;
}

void FaultyStore::before_change(int number, std::function<void()> interlude) {
  interlude_ = std::move(interlude);
  fail_change(number, Fault::kInterlude);
}

void FaultyStore::before_read(int number, std::function<void()> interlude) {
  interlude_ = std::move(interlude);
  fail_read(number, Fault::kInterlude);
}

bool FaultyStore::strikes(std::atomic<int>& until) const {
  if (crashed_) throw Crash();
  if (until == 0 || --until != 0) return false;
  failed_ = true;
  return true;
}

void FaultyStore::before(const std::string& path, bool struck) const {
  if (!struck) return;
  if (fault_ == Fault::kInterlude) {
    const auto interlude = interlude_;  // may choose the next one
    interlude();
  }
  if (fault_ == Fault::kNoSpace) throw_store_error("write", path, ENOSPC);
  if (fault_ == Fault::kIoError) throw_store_error("access", path, EIO);
  if (fault_ == Fault::kDenied) throw_store_error("access", path, EACCES);
  if (fault_ == Fault::kCrashBefore) {
    crashed_ = true;
    throw Crash();
  }
}

void FaultyStore::after(const std::string& path, bool struck) const {
  if (!struck) return;
  if (fault_ == Fault::kLostAnswer) throw_store_error("access", path, EIO);
  if (fault_ == Fault::kCrashAfter) {
    crashed_ = true;
    throw Crash();
  }
}

std::string FaultyStore::read(const std::string& path) const {
  const bool struck = strikes(until_read_);
  before(path, struck);
  std::string bytes = store_->read(path);
  after(path, struck);
  return bytes;
}

std::string FaultyStore::read_range(const std::string& path, std::int64_t offset,
                                    std::int64_t size) const {
  const bool struck = strikes(until_read_);
  before(path, struck);
  std::string bytes = store_->read_range(path, offset, size);
  after(path, struck);
  return bytes;
}

bool FaultyStore::check_range(const std::string& path, std::int64_t offset,
                              std::int64_t size) const {
  const bool struck = strikes(until_read_);
  before(path, struck);
  const bool has_checksums = store_->check_range(path, offset, size);
  after(path, struck);
  return has_checksums;
}

std::vector<FileStatus> FaultyStore::list(const std::string& directory,
                                          std::string_view first_name) const {
  const bool struck = strikes(until_read_);
  before(directory, struck);
  std::vector<FileStatus> files = store_->list(directory, first_name);
  after(directory, struck);
  return files;
}

bool FaultyStore::put_if_absent(const std::string& path, std::string_view bytes) {
  const bool struck = strikes(until_change_);
  ++changes_;
  before(path, struck);
  const bool created = store_->put_if_absent(path, bytes);
  after(path, struck);
  return created && (!struck || fault_ != Fault::kRepeated);
}

void FaultyStore::put(const std::string& path, std::string_view bytes) {
  const bool struck = strikes(until_change_);
  ++changes_;
  before(path, struck);
  store_->put(path, bytes);
  after(path, struck);
}

void FaultyStore::remove(const std::string& path) {
  const bool struck = strikes(until_change_);
  ++changes_;
  before(path, struck);
  store_->remove(path);
  after(path, struck);
}

std::vector<FileStatus> FaultyStore::list_tree(const std::string& directory,
                                               const FolderFilter& enters) const {
  const bool struck = strikes(until_read_);
  before(directory, struck);
  std::vector<FileStatus> files = store_->list_tree(directory, enters);
  after(directory, struck);
  return files;
}

std::int64_t FaultyStore::remove_empty_folders(const std::string& directory,
                                               const FolderFilter& enters,
                                               std::int64_t unchanged_since) {
  const bool struck = strikes(until_change_);
  ++changes_;
  before(directory, struck);
  const std::int64_t removed = store_->remove_empty_folders(directory, enters, unchanged_since);
  after(directory, struck);
  return removed;
}

}  // namespace delta
