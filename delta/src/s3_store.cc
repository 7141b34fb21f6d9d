#include "delta/src/s3_store_internal.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "base/error.h"
#include "delta/src/folder_walk.h"
#include "delta/src/s3_xml.h"
#include "delta/src/store_error.h"

namespace delta {
namespace {

constexpr std::chrono::milliseconds kLongestWait{5000};

struct ObjectName {
  std::string bucket;
  std::string key;
};

// The bucket and the key of s3://<bucket>/<key>.
ObjectName object_name(const std::string& path) {
  const std::size_t scheme = path.find("://");
  const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t slash = path.find('/', start);
  if (scheme == std::string::npos || slash == std::string::npos || slash == start) {
    throw_store_error("UNSUPPORTED", "find", path, "it names no object of a bucket");
  }
  return {path.substr(start, slash - start), path.substr(slash + 1)};
}

// As Signature Version 4 spells it: all but the unreserved characters escaped.
std::string escape(std::string_view text, bool keep_slash) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string escaped;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos || (keep_slash && c == '/')) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped += '%';
    escaped += kHex[byte >> 4];
    escaped += kHex[byte & 15];
  }
  return escaped;
}

// The service may answer otherwise when it is asked again.
bool is_passing(const HttpResponse& response) {
  switch (response.status) {
    case 0:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    case 400:
      return parse_s3_error(response.body).code == "RequestTimeout";
    case 409:  // a conditional put met another one, or a delete
      return parse_s3_error(response.body).code == "ConditionalRequestConflict";
    default:
      return false;
  }
}

// Such a request may have been carried out all the same.
bool is_unknown(const HttpResponse& response) {
  return response.status == 0 || response.status >= 500;
}

bool is_done(const HttpResponse& response) {
  return response.status >= 200 && response.status < 300;
}

[[noreturn]] void fail(std::string_view verb, const std::string& path,
                       const HttpResponse& response) {
  if (response.status == 0) throw_store_error("UNAVAILABLE", verb, path, response.body);
  const S3Error error = parse_s3_error(response.body);
  std::string words = "the service answered " + std::to_string(response.status);
  if (!error.code.empty()) words += " " + error.code;
  if (!error.message.empty()) words += ": " + error.message;
  std::string_view what = "IO_ERROR";
  if (response.status == 404) what = "NOT_FOUND";
  if (response.status == 401 || response.status == 403) what = "PERMISSION_DENIED";
  if (is_passing(response)) what = "UNAVAILABLE";
  throw_store_error(what, verb, path, words);
}

// The wait before the attempt after `attempts`: at least half of the full one.
std::chrono::milliseconds wait_after(int attempts, std::chrono::milliseconds first) {
  std::chrono::milliseconds full = first;
  for (int i = 1; i < attempts && full < kLongestWait; ++i) full *= 2;
  full = std::min(full, kLongestWait);
  std::random_device random;
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(full.count() / 2, full.count())(random));
}

class S3Store final : public Store {
 public:
  S3Store(S3Options options, std::shared_ptr<const HttpClient> client)
      : options_(std::move(options)), client_(std::move(client)) {}

  std::string read(const std::string& path) const override {
    Exchange exchange = send({.method = "GET", .url = url_of(object_name(path))});
    if (!is_done(exchange.response)) fail("read", path, exchange.response);
    return std::move(exchange.response.body);
  }

  std::string read_range(const std::string& path, std::int64_t offset,
                         std::int64_t size) const override {
    if (size == 0) return "";
    const std::string range =
        "Range: bytes=" + std::to_string(offset) + "-" + std::to_string(offset + size - 1);
    Exchange exchange =
        send({.method = "GET", .url = url_of(object_name(path)), .headers = {range}});
    if (exchange.response.status == 416) return "";  // it ends before
    if (!is_done(exchange.response)) fail("read", path, exchange.response);
    std::string& body = exchange.response.body;
    if (exchange.response.status == 206) return std::move(body);
    // A service that gives the whole object whatever is asked for.
    if (static_cast<std::size_t>(offset) >= body.size()) return "";
    return body.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }

  // Keys have no folders: nothing stands in a folder's place.
  std::vector<FileStatus> list(const std::string& directory,
                               std::string_view first_name) const override {
    const ObjectName folder = object_name(directory + "/");
    // S3 starts behind a key, so at one below the first wanted; what that lets in is left out.
    std::string start = std::string(first_name);
    while (!start.empty() && (start.back() & 0xC0) == 0x80) start.pop_back();
    if (!start.empty()) start.pop_back();
    std::vector<FileStatus> files;
    for (FileStatus& object : list_objects(folder, "/", start.empty() ? "" : folder.key + start)) {
      const std::string_view name = std::string_view(object.path).substr(folder.key.size());
      if (name.empty() || name < first_name) continue;
      object.path = directory + "/" + std::string(name);
      files.push_back(std::move(object));
    }
    std::sort(files.begin(), files.end(),
              [](const FileStatus& a, const FileStatus& b) { return a.path < b.path; });
    return files;
  }

  bool put_if_absent(const std::string& path, std::string_view bytes) override {
    const Exchange exchange = send(put_request(path, bytes, {"If-None-Match: *"}));
    if (is_done(exchange.response)) return true;
    if (exchange.response.status != 412) fail("create", path, exchange.response);
    // An attempt before this one, of which no answer came, may have created what is there.
    return exchange.may_have_arrived && holds(path, bytes);
  }

  void put(const std::string& path, std::string_view bytes) override {
    const Exchange exchange = send(put_request(path, bytes, {}));
    if (!is_done(exchange.response)) fail("write", path, exchange.response);
  }

  void remove(const std::string& path) override {
    const Exchange exchange = send({.method = "DELETE", .url = url_of(object_name(path))});
    if (is_done(exchange.response)) return;
    const bool is_gone = exchange.response.status == 404 &&
                         parse_s3_error(exchange.response.body).code == "NoSuchKey";
    if (!is_gone) fail("remove", path, exchange.response);
  }

  std::vector<FileStatus> list_tree(const std::string& directory,
                                    const FolderFilter& enters) const override {
    const ObjectName folder = object_name(directory + "/");
    std::vector<FileStatus> files;
    for (FileStatus& object : list_objects(folder, "", "")) {
      const std::string below = object.path.substr(folder.key.size());
      if (below.empty() || below.ends_with('/') || !enters_all(below, enters)) continue;
      object.path = directory;
      object.path.append("/").append(below);
      files.push_back(std::move(object));
    }
    return files;
  }

 private:
  struct Exchange {
    HttpResponse response;          // to the last attempt
    bool may_have_arrived = false;  // an earlier attempt
  };

  Exchange send(const HttpRequest& request) const {
    Exchange exchange;
    for (int attempts = 1;; ++attempts) {
      exchange.response = client_->send(request);
      if (attempts >= options_.max_attempts || !is_passing(exchange.response)) return exchange;
      exchange.may_have_arrived = exchange.may_have_arrived || is_unknown(exchange.response);
      std::this_thread::sleep_for(wait_after(attempts, options_.first_wait));
    }
  }

  HttpRequest put_request(const std::string& path, std::string_view bytes,
                          std::vector<std::string> headers) const {
    headers.emplace_back("Content-Type: application/octet-stream");
    return {"PUT", url_of(object_name(path)), std::move(headers), bytes};
  }

  bool holds(const std::string& path, std::string_view bytes) const {
    try {
      return read(path) == bytes;
    } catch (const base::Error& error) {
      if (error.code() == "DELTA_STORE_NOT_FOUND") return false;
      throw;
    }
  }

  // The objects whose keys start with that of `folder` and are greater than `start_after`, paths
  // being keys. With a delimiter only those that have none behind the folder's key.
  std::vector<FileStatus> list_objects(const ObjectName& folder, const std::string& delimiter,
                                       const std::string& start_after) const {
    std::vector<FileStatus> objects;
    std::optional<std::string> token;
    do {
      const Exchange exchange =
          send({.method = "GET", .url = listing_url(folder, delimiter, start_after, token)});
      const std::string path = "s3://" + folder.bucket + "/" + folder.key;
      if (!is_done(exchange.response)) fail("list", path, exchange.response);
      auto page = parse_s3_listing(exchange.response.body);
      if (!page) throw_store_error("IO_ERROR", "list", path, "the service answered no listing");
      std::move(page->objects.begin(), page->objects.end(), std::back_inserter(objects));
      token = std::move(page->continuation_token);
    } while (token);
    return objects;
  }

  // The parameters in the order that the signature demands.
  std::string listing_url(const ObjectName& folder, const std::string& delimiter,
                          const std::string& start_after,
                          const std::optional<std::string>& token) const {
    std::string query;
    if (token) query += "continuation-token=" + escape(*token, false) + "&";
    if (!delimiter.empty()) query += "delimiter=" + escape(delimiter, false) + "&";
    query += "encoding-type=url&list-type=2&prefix=" + escape(folder.key, false);
    if (!start_after.empty()) query += "&start-after=" + escape(start_after, false);
    return url_of({folder.bucket, ""}) + "?" + query;
  }

  std::string url_of(const ObjectName& object) const {
    std::string endpoint = options_.endpoint;
    if (endpoint.empty()) endpoint = "https://s3." + options_.region + ".amazonaws.com";
    while (endpoint.ends_with('/')) endpoint.pop_back();
    const std::string key = "/" + escape(object.key, true);
    // A dot would break the certificate's wildcard for the bucket's host.
    if (options_.path_style || object.bucket.find('.') != std::string::npos) {
      return endpoint + "/" + object.bucket + key;
    }
    const std::size_t host = endpoint.find("://") + 3;
    return endpoint.substr(0, host) + object.bucket + "." + endpoint.substr(host) + key;
  }

  const S3Options options_;
  const std::shared_ptr<const HttpClient> client_;
};

}  // namespace

std::shared_ptr<Store> s3_store(S3Options options, std::shared_ptr<const HttpClient> client) {
  return std::make_shared<S3Store>(std::move(options), std::move(client));
}

std::shared_ptr<Store> s3_store(S3Options options) {
  if (options.access_key_id.empty() || options.secret_access_key.empty()) {
    throw base::Error(base::Stage::kValidation, "DELTA_STORE_CREDENTIALS_MISSING",
                      "a table on S3 needs credentials: AWS_ACCESS_KEY_ID and "
                      "AWS_SECRET_ACCESS_KEY are not set");
  }
  if (!options.endpoint.empty() && options.endpoint.find("://") == std::string::npos) {
    throw base::Error(base::Stage::kValidation, "DELTA_STORE_UNSUPPORTED",
                      "the S3 endpoint '" + options.endpoint + "' has no http:// or https://",
                      {{"endpoint", options.endpoint}});
  }
  auto client = aws_http_client({.access_key_id = options.access_key_id,
                                 .secret_access_key = options.secret_access_key,
                                 .session_token = options.session_token,
                                 .region = options.region},
                                options.stall_timeout);
  return s3_store(std::move(options), std::move(client));
}

}  // namespace delta
