#include "base/hash.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace base {
namespace {

std::string blake2b_hex(std::string_view text, std::size_t bytes) {
  std::vector<std::uint8_t> digest(bytes);
  blake2b(text, digest);
  return to_hex(digest);
}

TEST(Hash, Blake3GivesThePublishedVectors) {
  EXPECT_EQ(to_hex(blake3("")), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  EXPECT_EQ(to_hex(blake3("abc")),
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
}

TEST(Hash, Blake2bGivesThePublishedVectors) {
  EXPECT_EQ(blake2b_hex("abc", 64),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  EXPECT_EQ(blake2b_hex("abc", 16), "cf4ab791c62b8d2b2109c90275287816");
}

TEST(Hash, Sha256InPartsEqualsSha256OfTheWhole) {
  const std::string message(100000, 'x');
  Sha256 parts;
  parts.add(message.substr(0, 63)).add("").add(message.substr(63));
  EXPECT_EQ(parts.finish(), sha256(message));
}

TEST(Hash, Sha256GivesThePublishedVectors) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, ManyMessagesAtOnceHashLikeEachAlone) {
  std::mt19937 random(7);
  for (const std::size_t digest_bytes : {1, 8, 16, 33, 64}) {
    for (std::size_t count = 0; count <= 13; ++count) {
      std::vector<std::string> texts;
      for (std::size_t i = 0; i < count; ++i) {
        std::string text(random() % 150, ' ');
        for (char& character : text) character = static_cast<char>(random());
        texts.push_back(text);
      }
      const std::vector<std::string_view> messages(texts.begin(), texts.end());
      std::vector<std::uint8_t> digests(count * digest_bytes);
      blake2b_many(messages, digest_bytes, digests.data());
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(to_hex(std::span(digests).subspan(i * digest_bytes, digest_bytes)),
                  blake2b_hex(texts[i], digest_bytes))
            << "message of " << texts[i].size() << " bytes";
      }
    }
  }
}

TEST(Hash, ABlockBoundaryChangesNothing) {
  for (const std::size_t length : {0, 127, 128, 129, 256}) {
    const std::string text(length, 'x');
    const std::vector<std::string_view> messages(5, text);
    std::vector<std::uint8_t> digests(5 * 32);
    blake2b_many(messages, 32, digests.data());
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(to_hex(std::span(digests).subspan(i * 32, 32)), blake2b_hex(text, 32));
    }
  }
}

TEST(FieldHasher, KeepsFieldBoundaries) {
  EXPECT_NE(FieldHasher().add("ab").add("c").finish(), FieldHasher().add("a").add("bc").finish());
  EXPECT_NE(FieldHasher().finish(), FieldHasher().add("").finish());
}

TEST(FieldHasher, IsTheSameForTheSameFields) {
  EXPECT_EQ(FieldHasher().add("a").add(std::int64_t{-1}).finish(),
            FieldHasher().add("a").add(std::int64_t{-1}).finish());
  EXPECT_NE(FieldHasher().add(std::int64_t{1}).finish(),
            FieldHasher().add(std::int64_t{2}).finish());
}

}  // namespace
}  // namespace base
