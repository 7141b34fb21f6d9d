// The S3 store over any HTTP client.
#pragma once

#include <memory>

#include "delta/s3_store.h"
#include "delta/src/http_client.h"

namespace delta {

std::shared_ptr<Store> s3_store(S3Options options, std::shared_ptr<const HttpClient> client);

}  // namespace delta
