// Storing deletion vectors: PROTOCOL.md, "Deletion Vector File Storage Format".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/deletion_vector.h"
#include "delta/store.h"

namespace delta {

// Describes the vectors of one transaction and stores them, many to a file. Not thread-safe. What
// is written belongs to the caller until a commit names it.
class DeletionVectorWriter {
 public:
  // Vectors of at most this many bytes are written into the log itself, without a file.
  static constexpr std::size_t kDefaultInlineBytes = 128;

  DeletionVectorWriter(std::shared_ptr<Store> store, std::string location,
                       std::size_t inline_bytes = kDefaultInlineBytes);

  // How the vector is found again, once `finish` has returned.
  DeletionVectorDescriptor add(const DeletionVector& vector);

  // Writes what is still in memory; call it before the commit. Errors are those of
  // Store::put_if_absent.
  void finish();

  // The files written so far, absolute: to be removed when the commit fails.
  const std::vector<std::string>& files() const { return files_; }

 private:
  void begin_file();

  std::shared_ptr<Store> store_;
  std::string location_;
  std::size_t inline_bytes_;
  DeletionVectorDescriptor file_;  // names the file that `bytes_` will be
  std::string bytes_;              // empty when no file is begun
  std::vector<std::string> files_;
};

}  // namespace delta
