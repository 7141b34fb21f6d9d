#include "duck/bucket_access.h"

#include <cstdlib>

#include "base/error.h"
#include "delta/s3_store.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

constexpr std::int64_t kMostPartsOfFile = 10'000;  // as S3 has it

// By itself DuckDB has 50 parts of 80 MB on their way: a slow network would fill the memory. Files
// of 78 GB remain possible.
void bound_uploads(Connection& connection) {
  const auto set = [&](const std::string& setting, const std::string& value) {
    connection.execute("SET GLOBAL " + setting + " = " + quote_string(value));
  };
  set("s3_uploader_max_filesize", std::to_string(kUploadPartBytes * kMostPartsOfFile) + " bytes");
  set("s3_uploader_max_parts_per_file", std::to_string(kMostPartsOfFile));
  set("s3_uploader_thread_limit", std::to_string(kPartsOnTheirWay));
}

std::string secret(const delta::S3Options& options) {
  std::string sql = "CREATE OR REPLACE SECRET codeanatomy_s3 (TYPE s3, KEY_ID " +
                    quote_string(options.access_key_id) + ", SECRET " +
                    quote_string(options.secret_access_key) + ", REGION " +
                    quote_string(options.region);
  if (!options.session_token.empty()) {
    sql += ", SESSION_TOKEN " + quote_string(options.session_token);
  }
  if (options.path_style) sql += ", URL_STYLE 'path'";
  if (!options.endpoint.empty()) {
    const std::size_t host = options.endpoint.find("://");
    const bool is_plain = options.endpoint.starts_with("http://");
    sql +=
        ", ENDPOINT " + quote_string(host == std::string::npos ? options.endpoint
                                                               : options.endpoint.substr(host + 3));
    sql += is_plain ? ", USE_SSL false" : ", USE_SSL true";
  }
  return sql + ")";
}

}  // namespace

std::string httpfs_from_environment() {
  const char* const file = std::getenv("CODEANATOMY_HTTPFS");
  return file == nullptr ? "" : file;
}

void load_httpfs(Connection& connection, const std::string& file) {
  try {
    connection.execute("LOAD " + quote_string(file));
  } catch (const base::Error& error) {
    throw base::Error(base::Stage::kValidation, "HTTPFS_INVALID",
                      "cannot load DuckDB's extension httpfs: " + error.message(),
                      {{"path", file}});
  }
  bound_uploads(connection);
}

void use_credentials_of_environment(Connection& connection) {
  const delta::S3Options options = delta::s3_options_from_environment();
  if (!options.access_key_id.empty()) connection.execute(secret(options));
}

}  // namespace duck
