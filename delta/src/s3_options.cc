#include <cstdlib>

#include "delta/s3_store.h"

namespace delta {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string variable(const char* name, const char* otherwise) {
  std::string value = variable(name);
  return value.empty() ? variable(otherwise) : value;
}

}  // namespace

S3Options s3_options_from_environment() {
  S3Options options;
  options.endpoint = variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  if (std::string region = variable("AWS_REGION", "AWS_DEFAULT_REGION"); !region.empty()) {
    options.region = std::move(region);
  }
  options.access_key_id = variable("AWS_ACCESS_KEY_ID");
  options.secret_access_key = variable("AWS_SECRET_ACCESS_KEY");
  options.session_token = variable("AWS_SESSION_TOKEN");
  options.path_style =
      !options.endpoint.empty() && variable("AWS_VIRTUAL_HOSTED_STYLE_REQUEST") != "true";
  return options;
}

}  // namespace delta
