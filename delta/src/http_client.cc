#include "delta/src/http_client.h"

#include <curl/curl.h>

#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/hash.h"

namespace delta {
namespace {

constexpr long kConnectTimeoutSeconds = 10;
constexpr std::size_t kMostIdle = 16;

struct CloseHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, CloseHandle>;

struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

void append(Headers& headers, const std::string& header) {
  curl_slist* const longer = curl_slist_append(headers.get(), header.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  // The list keeps its head.
  if (!headers) headers.reset(longer);
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  if (code == CURLE_OK) return;
  throw base::Error(base::Stage::kRuntime, "DELTA_STORE_UNSUPPORTED",
                    std::string("libcurl cannot do what S3 needs: ") + curl_easy_strerror(code));
}

// Called by libcurl, which exceptions must not pass through.
std::size_t receive(const char* bytes, std::size_t, std::size_t count, void* body) noexcept {
  try {
    static_cast<std::string*>(body)->append(bytes, count);
    return count;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

void initialize_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code == CURLE_OK) return;
  throw base::Error(base::Stage::kRuntime, "DELTA_STORE_UNSUPPORTED",
                    std::string("libcurl cannot start: ") + curl_easy_strerror(code));
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(AwsCredentials credentials, std::chrono::seconds stall_timeout)
      : credentials_(std::move(credentials)), stall_timeout_(stall_timeout) {
    initialize_curl();
  }

  HttpResponse send(const HttpRequest& request) const override {
    Handle handle = take_handle();
    HttpResponse response = exchange(handle.get(), request);
    curl_easy_reset(handle.get());  // its connection stays open
    give_back(std::move(handle));
    return response;
  }

 private:
  HttpResponse exchange(CURL* handle, const HttpRequest& request) const {
    HttpResponse response;
    const Headers headers = headers_of(request);
    set(handle, CURLOPT_URL, request.url.c_str());
    set(handle, CURLOPT_PATH_AS_IS, 1L);
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_CONNECTTIMEOUT, kConnectTimeoutSeconds);
    set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall_timeout_.count()));
    set(handle, CURLOPT_WRITEFUNCTION, &receive);
    set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&response.body));
    sign(handle);
    set_method(handle, request);
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) return {0, curl_easy_strerror(code)};
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    return response;
  }

  Headers headers_of(const HttpRequest& request) const {
    Headers headers;
    for (const std::string& header : request.headers) append(headers, header);
    append(headers, "x-amz-content-sha256: " + base::to_hex(base::sha256(request.body)));
    if (!credentials_.session_token.empty()) {
      append(headers, "x-amz-security-token: " + credentials_.session_token);
    }
    return headers;
  }

  void sign(CURL* handle) const {
    set(handle, CURLOPT_AWS_SIGV4, ("aws:amz:" + credentials_.region + ":s3").c_str());
    set(handle, CURLOPT_USERNAME, credentials_.access_key_id.c_str());
    set(handle, CURLOPT_PASSWORD, credentials_.secret_access_key.c_str());
  }

  static void set_method(CURL* handle, const HttpRequest& request) {
    if (request.method == "GET") return;
    if (request.method == "PUT") {
      set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(handle, CURLOPT_POSTFIELDS, request.body.data());
    }
    set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  Handle take_handle() const {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Handle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    Handle handle(curl_easy_init());
    if (!handle) throw std::bad_alloc();
    return handle;
  }

  void give_back(Handle handle) const {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(handle));
  }

  const AwsCredentials credentials_;
  const std::chrono::seconds stall_timeout_;
  mutable std::mutex mutex_;
  mutable std::vector<Handle> idle_;
};

}  // namespace

std::shared_ptr<const HttpClient> aws_http_client(AwsCredentials credentials,
                                                  std::chrono::seconds stall_timeout) {
  return std::make_shared<CurlClient>(std::move(credentials), stall_timeout);
}

}  // namespace delta
