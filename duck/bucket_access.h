// Data files in buckets, by DuckDB's extension httpfs.
#pragma once

#include <cstdint>
#include <string>

#include "duck/database.h"

namespace duck {

// The file of the extension, as the variable CODEANATOMY_HTTPFS names it; empty when it is not set.
std::string httpfs_from_environment();

// Data files are uploaded in parts, each of which is in memory until it has arrived. Bytes of a
// part: httpfs rounds up to DuckDB's blocks, of which these are 30.
inline constexpr std::int64_t kUploadPartBytes = 30 * 262'136;
// Of one file, beside the part that is being filled.
inline constexpr std::int64_t kPartsOnTheirWay = 4;
inline constexpr std::int64_t kMostBytesOfUpload = (kPartsOnTheirWay + 1) * kUploadPartBytes;

// Loads the extension from its file and bounds its uploads. HTTPFS_INVALID when it cannot be
// loaded.
void load_httpfs(Connection& connection, const std::string& file);

// Gives the extension the credentials and the endpoint that the environment names
// (delta/s3_store.h). Nothing is fetched.
void use_credentials_of_environment(Connection& connection);

}  // namespace duck
