// The XML documents that S3 answers with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/store.h"

namespace delta {

// A page of a ListObjectsV2 with encoding-type=url.
struct S3Listing {
  std::vector<FileStatus> objects;  // path: the key
  std::optional<std::string> continuation_token;
};

// Nothing when the text is no such page.
std::optional<S3Listing> parse_s3_listing(std::string_view xml);

struct S3Error {
  std::string code;  // "NoSuchKey"; empty when the text names none
  std::string message;
};

S3Error parse_s3_error(std::string_view xml);

}  // namespace delta
