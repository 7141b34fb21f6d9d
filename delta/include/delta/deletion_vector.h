// Rows of a data file that are deleted: PROTOCOL.md, "Deletion Vectors" and "Deletion Vector
// Format".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "delta/actions.h"
#include "delta/store.h"

namespace delta {

// The first byte of a file of vectors.
inline constexpr char kDeletionVectorFileVersion = 1;

// A set of row positions in one data file, counted from 0. It never changes, so it may be used
// from many threads; copies share memory.
class DeletionVector {
 public:
  // No rows.
  DeletionVector();

  // These rows, in any order. Throws DELTA_DELETION_VECTOR_CORRUPT for one above 2^63 - 1.
  static DeletionVector of(std::span<const std::uint64_t> positions);

  // Reads the vector that `descriptor` names for a table at `location`, and nothing else of its
  // file. Errors: those of Store::read_range, but DELTA_DATA_FILE_MISSING (details["path"]) when
  // the file is gone; DELTA_DELETION_VECTOR_CORRUPT (details["path"], unless it is inline) when it
  // is not of the format, fails its checksum, or has another size or cardinality than described.
  static DeletionVector read(const Store& store, const std::string& location,
                             const DeletionVectorDescriptor& descriptor);

  // Reads the serialized form: the magic number and a 64-bit roaring bitmap. Errors as of read.
  static DeletionVector parse(std::string_view bytes);

  // The rows of both.
  DeletionVector united_with(const DeletionVector& other) const;

  // The form that `parse` reads; equal sets have equal bytes.
  std::string serialize() const;

  std::uint64_t cardinality() const;
  bool contains(std::uint64_t row) const;

  // Calls `visit` with the rows in [begin, end), in ascending order, some of them at a time.
  using RowsVisitor = std::function<void(std::span<const std::uint64_t> rows)>;
  void for_each_between(std::uint64_t begin, std::uint64_t end, const RowsVisitor& visit) const;

 private:
  struct Rows;
  explicit DeletionVector(std::shared_ptr<const Rows> rows);
  std::shared_ptr<const Rows> rows_;
};

// Where the file of a vector with storage type "u" or "p" is.
std::string deletion_vector_path(const std::string& location,
                                 const DeletionVectorDescriptor& descriptor);

}  // namespace delta
