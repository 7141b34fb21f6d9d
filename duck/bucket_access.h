// Data files in buckets, by DuckDB's extension httpfs.
#pragma once

#include <cstdint>
#include <string>

#include "duck/database.h"

namespace duck {

// The file of the extension, as the variable CODEANATOMY_HTTPFS names it; empty when it is not set.
std::string httpfs_from_environment();

// What a file that is being written to a bucket has in memory at most: parts of it that are on
// their way, and the one that is filled.
inline constexpr std::int64_t kBytesOfUpload = 40'000'000;

// Loads the extension from its file and gives it the credentials and the endpoint that the
// environment names (delta/s3_store.h), and its uploads the bound above. Nothing is fetched.
// HTTPFS_INVALID when it cannot be loaded.
void load_httpfs(Connection& connection, const std::string& file);

}  // namespace duck
