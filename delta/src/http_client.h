// One HTTP request and its answer.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace delta {

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<std::string> headers = {};  // "Name: value"
  std::string_view body = {};
};

struct HttpResponse {
  int status = 0;         // 0: no answer, or only a part of it; the request may have arrived
  std::string body = {};  // with status 0 what went wrong
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Sends the request once. Thread-safe.
  virtual HttpResponse send(const HttpRequest& request) const = 0;
};

// How requests are signed: AWS Signature Version 4 for the service s3.
struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::string region;
};

// By libcurl; connections are kept for later requests.
std::shared_ptr<const HttpClient> aws_http_client(AwsCredentials credentials,
                                                  std::chrono::seconds stall_timeout);

}  // namespace delta
