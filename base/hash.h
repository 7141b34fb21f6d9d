// The contract's hashes: BLAKE3-256 for identities, BLAKE2b for ids in tables, SHA-256 for files.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace base {

// 32 bytes; a JSON array of 32 integers in RunResult, lower-case hex everywhere else.
using Digest = std::array<std::uint8_t, 32>;

// BLAKE3-256 of `bytes`.
Digest blake3(std::string_view bytes);

// BLAKE2b with a digest of out.size() bytes (1 to 64), unkeyed.
void blake2b(std::string_view bytes, std::span<std::uint8_t> out);

// BLAKE2b of each message, digest_bytes (1 to 64) each, written one after the other to `out`.
// Several times faster than one by one when the messages have 128 bytes or less.
void blake2b_many(std::span<const std::string_view> messages, std::size_t digest_bytes,
                  std::uint8_t* out);

// SHA-256 of `bytes`.
Digest sha256(std::string_view bytes);

// SHA-256 of bytes that come in parts. Not thread-safe; one object hashes one message.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& add(std::string_view part);
  // Ends the message; nothing can be added after it.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Lower-case hex, two characters a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

// BLAKE3 over a sequence of fields, each length-prefixed, so that ("ab","c") and ("a","bc")
// differ. Not thread-safe; one object hashes one sequence.
class FieldHasher {
 public:
  FieldHasher();
  ~FieldHasher();
  FieldHasher(const FieldHasher&) = delete;
  FieldHasher& operator=(const FieldHasher&) = delete;

  FieldHasher& add(std::string_view field);
  FieldHasher& add(std::int64_t field);
  Digest finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace base
