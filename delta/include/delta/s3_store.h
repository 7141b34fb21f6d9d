// Tables in the buckets of Amazon S3 and of what speaks its protocol.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "delta/store.h"

namespace delta {

struct S3Options {
  std::string endpoint = {};  // "http://127.0.0.1:9000"; empty: Amazon's for the region
  std::string region = "us-east-1";
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  // of temporary credentials, else empty
  bool path_style = false;         // <endpoint>/<bucket>/<key>, not <bucket>.<endpoint>/<key>

  // A request that the service refuses for the moment, or leaves without an answer, is sent again,
  // after a wait that doubles from `first_wait` on and is shortened by chance.
  int max_attempts = 8;
  std::chrono::milliseconds first_wait{100};
  // For how long a connection may stand still.
  std::chrono::seconds stall_timeout{30};
};

// The options by the variables that other tools for S3 read: AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; AWS_REGION, else AWS_DEFAULT_REGION;
// AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL. An endpoint of one's own is spoken to in path style
// unless AWS_VIRTUAL_HOSTED_STYLE_REQUEST is "true".
S3Options s3_options_from_environment();

// Serves paths s3://<bucket>/<key>, also with the schemes s3a and s3n. What is promised rests on
// the service: reads and listings see what was written before, and a conditional put
// (If-None-Match: *) creates a name only once. An answer that is lost is found out by reading the
// object back.
// Errors beside those of every store: DELTA_STORE_CREDENTIALS_MISSING (here),
// DELTA_STORE_UNAVAILABLE when all attempts failed.
std::shared_ptr<Store> s3_store(S3Options options);

}  // namespace delta
