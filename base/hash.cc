#include "base/hash.h"

#include <blake2.h>
#include <blake3.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <new>

#include "base/blake2b_lanes.h"

namespace base {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

std::array<std::uint8_t, 8> little_endian(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return bytes;
}

}  // namespace

Digest blake3(std::string_view bytes) {
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  blake3_hasher_update(&hasher, bytes.data(), bytes.size());
  Digest digest;
  blake3_hasher_finalize(&hasher, digest.data(), digest.size());
  return digest;
}

void blake2b(std::string_view bytes, std::span<std::uint8_t> out) {
  ::blake2b(out.data(), bytes.data(), nullptr, out.size(), bytes.size(), 0);
}

void blake2b_many(std::span<const std::string_view> messages, std::size_t digest_bytes,
                  std::uint8_t* out) {
  static const bool lanes_available = blake2b_lanes_available();
  std::array<std::size_t, kBlake2bLanes> lane_messages{};
  std::size_t lanes_used = 0;
  const auto run_lanes = [&] {
    std::array<std::string_view, kBlake2bLanes> inputs;
    std::array<std::uint8_t*, kBlake2bLanes> outputs;
    for (std::size_t lane = 0; lane < kBlake2bLanes; ++lane) {
      // Lanes without a message of their own repeat the first one.
      const std::size_t message = lane_messages[lane < lanes_used ? lane : 0];
      inputs[lane] = messages[message];
      outputs[lane] = out + message * digest_bytes;
    }
    blake2b_lanes(inputs, digest_bytes, outputs);
    lanes_used = 0;
  };
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!lanes_available || messages[i].size() > kBlake2bLaneMaxBytes) {
      blake2b(messages[i], {out + i * digest_bytes, digest_bytes});
      continue;
    }
    lane_messages[lanes_used++] = i;
    if (lanes_used == kBlake2bLanes) run_lanes();
  }
  if (lanes_used > 0) run_lanes();
}

Digest sha256(std::string_view bytes) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

struct Sha256::State {
  State() : context(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    if (context == nullptr) throw std::bad_alloc();
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

Sha256& Sha256::add(std::string_view part) {
  EVP_DigestUpdate(state_->context.get(), part.data(), part.size());
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr);
  return digest;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

struct FieldHasher::State {
  blake3_hasher hasher;
};

FieldHasher::FieldHasher() : state_(std::make_unique<State>()) {
  blake3_hasher_init(&state_->hasher);
}

FieldHasher::~FieldHasher() = default;

FieldHasher& FieldHasher::add(std::string_view field) {
  const auto length = little_endian(field.size());
  blake3_hasher_update(&state_->hasher, length.data(), length.size());
  blake3_hasher_update(&state_->hasher, field.data(), field.size());
  return *this;
}

FieldHasher& FieldHasher::add(std::int64_t field) {
  const auto bytes = little_endian(static_cast<std::uint64_t>(field));
  return add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Digest FieldHasher::finish() const {
  Digest digest;
  blake3_hasher_finalize(&state_->hasher, digest.data(), digest.size());
  return digest;
}

}  // namespace base
