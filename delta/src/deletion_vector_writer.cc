#include "delta/deletion_vector_writer.h"

#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/src/big_endian.h"
#include "delta/src/crc32.h"
#include "delta/src/z85.h"

namespace delta {
namespace {

// Bounds the memory of a writer, and keeps offsets far within 32 bits.
constexpr std::size_t kMaxFileBytes = std::size_t{32} << 20;

std::string uuid_bytes(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '-') digits += c;
  }
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

DeletionVectorWriter::DeletionVectorWriter(std::shared_ptr<Store> store, std::string location,
                                           std::size_t inline_bytes)
    : store_(std::move(store)), location_(std::move(location)), inline_bytes_(inline_bytes) {}

void DeletionVectorWriter::begin_file() {
  file_.storage_type = "u";
  file_.path_or_inline_dv = z85_encode(uuid_bytes(base::random_uuid()));
  bytes_.assign(1, kDeletionVectorFileVersion);
}

DeletionVectorDescriptor DeletionVectorWriter::add(const DeletionVector& vector) {
  const std::string data = vector.serialize();
  DeletionVectorDescriptor descriptor;
  descriptor.size_in_bytes = static_cast<std::int32_t>(data.size());
  descriptor.cardinality = static_cast<std::int64_t>(vector.cardinality());
  if (data.size() <= inline_bytes_) {
    descriptor.storage_type = "i";
    descriptor.path_or_inline_dv = z85_encode(data);
    return descriptor;
  }
  if (!bytes_.empty() && bytes_.size() + data.size() > kMaxFileBytes) finish();
  if (bytes_.empty()) begin_file();
  descriptor.storage_type = file_.storage_type;
  descriptor.path_or_inline_dv = file_.path_or_inline_dv;
  descriptor.offset = static_cast<std::int32_t>(bytes_.size());
  append_big_endian_32(bytes_, static_cast<std::uint32_t>(data.size()));
  bytes_ += data;
  append_big_endian_32(bytes_, crc32(data));
  return descriptor;
}

void DeletionVectorWriter::finish() {
  if (bytes_.empty()) return;
  const std::string path = deletion_vector_path(location_, file_);
  files_.push_back(path);  // first: a put that fails may have made it
  if (!store_->put_if_absent(path, bytes_)) {
    throw base::Error(base::Stage::kRuntime, "DELTA_STORE_EXISTS",
                      "deletion vector file '" + path + "' is there already", {{"path", path}});
  }
  bytes_.clear();
}

}  // namespace delta
