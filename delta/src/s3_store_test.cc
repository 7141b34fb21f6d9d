// The S3 store against a service that answers by a script; interop/test_s3.py has one that works.
#include <gtest/gtest.h>

#include <deque>

#include "base/error.h"
#include "delta/src/s3_store_internal.h"
#include "delta/src/s3_xml.h"

namespace delta {
namespace {

class ScriptedClient final : public HttpClient {
 public:
  explicit ScriptedClient(std::deque<HttpResponse> answers) : answers_(std::move(answers)) {}

  HttpResponse send(const HttpRequest& request) const override {
    requests.push_back(request.method + " " + request.url);
    conditional.push_back(request.headers.size() == 2 &&
                          request.headers.front() == "If-None-Match: *");
    ranges.push_back(request.headers.empty() ? "" : request.headers.front());
    HttpResponse answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return answer;
  }

  mutable std::vector<std::string> requests;
  mutable std::vector<bool> conditional;
  mutable std::vector<std::string> ranges;

 private:
  mutable std::deque<HttpResponse> answers_;  // the last one for all further requests
};

class S3StoreTest : public testing::Test {
 protected:
  void answer(std::deque<HttpResponse> answers) {
    client_ = std::make_shared<ScriptedClient>(std::move(answers));
    S3Options options;
    options.endpoint = "http://host:9";
    options.path_style = true;
    options.max_attempts = 3;
    options.first_wait = std::chrono::milliseconds(0);
    store_ = s3_store(options, client_);
  }

  template <typename Action>
  std::string code_of(const Action& action) {
    try {
      action();
      return "none";
    } catch (const base::Error& error) {
      return error.code();
    }
  }

  std::shared_ptr<ScriptedClient> client_;
  std::shared_ptr<Store> store_;
};

const HttpResponse kTaken{412, "<Error><Code>PreconditionFailed</Code></Error>"};

TEST_F(S3StoreTest, CreatesAnObjectOnConditionThatThereIsNone) {
  answer({{200, ""}});
  EXPECT_TRUE(store_->put_if_absent("s3://b/t/_delta_log/0.json", "x"));
  EXPECT_EQ(client_->requests, std::vector<std::string>{"PUT http://host:9/b/t/_delta_log/0.json"});
  EXPECT_TRUE(client_->conditional.front());
  answer({kTaken});
  EXPECT_FALSE(store_->put_if_absent("s3://b/t/f", "x"));
  EXPECT_EQ(client_->requests.size(), 1u);
}

TEST_F(S3StoreTest, KnowsItsOwnObjectAfterALostAnswer) {
  for (const HttpResponse& lost : {HttpResponse{0, "timeout"}, HttpResponse{500, ""}}) {
    answer({lost, kTaken, {200, "ours"}});
    EXPECT_TRUE(store_->put_if_absent("s3://b/t/f", "ours"));
    answer({lost, kTaken, {200, "another's"}});
    EXPECT_FALSE(store_->put_if_absent("s3://b/t/f", "ours"));
    EXPECT_EQ(client_->requests.size(), 3u);
  }
}

TEST_F(S3StoreTest, BelievesARefusalThatCannotBeItsOwnDoing) {
  const HttpResponse throttled{429, "<Error><Code>SlowDown</Code></Error>"};
  answer({throttled, kTaken});
  EXPECT_FALSE(store_->put_if_absent("s3://b/t/f", "ours"));
  EXPECT_EQ(client_->requests.size(), 2u);  // nothing is read back
}

TEST_F(S3StoreTest, TriesAgainWhenTwoConditionalPutsMet) {
  answer({{409, "<Error><Code>ConditionalRequestConflict</Code></Error>"}, {200, ""}});
  EXPECT_TRUE(store_->put_if_absent("s3://b/t/f", "x"));
}

TEST_F(S3StoreTest, GivesUpAfterTheAttemptsAllowed) {
  answer({{503, "<Error><Code>SlowDown</Code><Message>Reduce &amp; wait</Message></Error>"}});
  try {
    store_->put("s3://b/t/f", "x");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_STORE_UNAVAILABLE");
    EXPECT_EQ(error.message(),
              "cannot write 's3://b/t/f': the service answered 503 SlowDown: Reduce & wait");
  }
  EXPECT_EQ(client_->requests.size(), 3u);
}

TEST_F(S3StoreTest, AsksForAPartOfAnObject) {
  answer({{206, "3456"}});
  EXPECT_EQ(store_->read_range("s3://b/t/f", 3, 4), "3456");
  EXPECT_EQ(client_->ranges, std::vector<std::string>{"Range: bytes=3-6"});
  answer({{416, "<Error><Code>InvalidRange</Code></Error>"}});
  EXPECT_EQ(store_->read_range("s3://b/t/f", 30, 4), "");
  // Services may give the whole object.
  answer({{200, "0123456789"}});
  EXPECT_EQ(store_->read_range("s3://b/t/f", 3, 4), "3456");
  EXPECT_EQ(store_->read_range("s3://b/t/f", 30, 4), "");
  answer({{404, "<Error><Code>NoSuchKey</Code></Error>"}});
  EXPECT_EQ(code_of([&] { store_->read_range("s3://b/t/f", 3, 4); }), "DELTA_STORE_NOT_FOUND");
}

TEST_F(S3StoreTest, NamesWhatIsWrong) {
  answer({{404, "<Error><Code>NoSuchKey</Code></Error>"}});
  EXPECT_EQ(code_of([&] { store_->read("s3://b/f"); }), "DELTA_STORE_NOT_FOUND");
  EXPECT_EQ(code_of([&] { store_->remove("s3://b/f"); }), "none");
  answer({{404, "<Error><Code>NoSuchBucket</Code></Error>"}});
  EXPECT_EQ(code_of([&] { store_->remove("s3://b/f"); }), "DELTA_STORE_NOT_FOUND");
  answer({{403, "<Error><Code>AccessDenied</Code></Error>"}});
  EXPECT_EQ(code_of([&] { store_->read("s3://b/f"); }), "DELTA_STORE_PERMISSION_DENIED");
  answer({{0, "Couldn't connect to server"}});
  EXPECT_EQ(code_of([&] { store_->read("s3://b/f"); }), "DELTA_STORE_UNAVAILABLE");
  answer({{200, "<html>a proxy's page</html>"}});
  EXPECT_EQ(code_of([&] { store_->list("s3://b/f", ""); }), "DELTA_STORE_IO_ERROR");
  EXPECT_EQ(code_of([] { s3_store(S3Options{}); }), "DELTA_STORE_CREDENTIALS_MISSING");
}

std::string object(const std::string& key) {
  return "<Contents><Key>" + key +
         "</Key><LastModified>2024-02-29T12:00:00.000Z</LastModified><Size>7</Size></Contents>";
}

TEST_F(S3StoreTest, ListsAllPagesFromTheFirstNameOn) {
  const std::string first =
      "<R><IsTruncated>true</IsTruncated><NextContinuationToken>a/b&#61;"
      "</NextContinuationToken>" +
      object("t/09") + object("t/10") + "</R>";
  const std::string second =
      "<R><IsTruncated>false</IsTruncated>" + object("t/a%2Bb+c%20%C3%A9") + "</R>";
  answer({{200, first}, {200, second}});
  const std::vector<FileStatus> files = store_->list("s3://b/t", "10");
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].path, "s3://b/t/10");
  EXPECT_EQ(files[0].size, 7);
  EXPECT_EQ(files[0].modification_time, 1709208000000);
  EXPECT_EQ(files[1].path, "s3://b/t/a+b c \xC3\xA9");
  const std::string query =
      "delimiter=%2F&encoding-type=url&list-type=2&prefix=t%2F&start-after=t%2F1";
  EXPECT_EQ(client_->requests, (std::vector<std::string>{
                                   "GET http://host:9/b/?" + query,
                                   "GET http://host:9/b/?continuation-token=a%2Fb%3D&" + query}));
}

TEST_F(S3StoreTest, WalksATree) {
  answer({{200, "<R><IsTruncated>false</IsTruncated>" + object("t/a/b/f") + object("t/_x/g") +
                    object("t/h") + "</R>"}});
  const auto files =
      store_->list_tree("s3://b/t", [](std::string_view folder) { return folder != "_x"; });
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].path, "s3://b/t/a/b/f");
  EXPECT_EQ(files[1].path, "s3://b/t/h");
}

TEST(S3UrlTest, PutsTheBucketIntoTheHostUnlessItHasADot) {
  const auto url = [](const std::string& path, S3Options options) {
    const auto client = std::make_shared<ScriptedClient>(std::deque<HttpResponse>{{200, ""}});
    s3_store(std::move(options), client)->read(path);
    return client->requests.front();
  };
  S3Options amazon;
  amazon.region = "eu-central-1";
  EXPECT_EQ(url("s3://b/k", amazon), "GET https://b.s3.eu-central-1.amazonaws.com/k");
  EXPECT_EQ(url("s3a://b.c/k", amazon), "GET https://s3.eu-central-1.amazonaws.com/b.c/k");
  EXPECT_EQ(url("s3://b/a b/c%2F=+", amazon),
            "GET https://b.s3.eu-central-1.amazonaws.com/a%20b/c%252F%3D%2B");
}

TEST(S3XmlTest, TakesNoBrokenListing) {
  for (const char* const xml :
       {"", "<IsTruncated>true</IsTruncated>",
        "<IsTruncated>false</IsTruncated><Contents></Contents>",
        "<IsTruncated>false</IsTruncated><Contents><Key>k</Key><Size>x</Size>"
        "<LastModified>2024-02-29T12:00:00Z</LastModified></Contents>"}) {
    EXPECT_FALSE(parse_s3_listing(xml)) << xml;
  }
}

}  // namespace
}  // namespace delta
