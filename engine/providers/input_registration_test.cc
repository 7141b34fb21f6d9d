#include "engine/providers/input_registration.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "delta/store.h"
#include "delta/transaction.h"
#include "duck/copy_to_parquet.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

class InputRegistrationTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "inputs-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string place(const std::string& name) const { return (folder_ / name).string(); }

  // A table with the numbers 0 to 9 in `i`.
  void make_table(const std::string& name, std::map<std::string, std::string> properties = {}) {
    duck::Connection connection(database_);
    const delta::Schema schema = {{{"i", delta::DataType::primitive(delta::TypeKind::kLong)}}};
    const duck::CopiedFiles copied = duck::copy_to_parquet(
        connection, "SELECT i FROM range(10) AS r(i)", {}, schema, {.directory = place(name)});
    delta::Transaction transaction = delta::Transaction::create(
        delta::local_store(), place(name),
        {.schema = schema, .partition_columns = {}, .configuration = std::move(properties)});
    for (delta::AddFile file : copied.files) transaction.add(std::move(file));
    transaction.commit({});
  }

  InputRelation input(const std::string& name) const {
    return {.logical_name = name, .delta_location = place(name)};
  }

  base::Error failure_of(const InputRelation& input) {
    try {
      register_inputs({input}, database_);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "PREPARE_EXECUTION_CONTEXT_FAILED");
      EXPECT_EQ(error.details().at("input"), input.logical_name);
      EXPECT_EQ(error.details().at("location"), input.delta_location);
      return error;
    }
    return {base::Stage::kRuntime, "NO_ERROR", ""};
  }

  fs::path folder_;
  duck::Database database_{{.threads = 1}};
};

TEST_F(InputRegistrationTest, MakesInputsReadableByName) {
  make_table("numbers");
  register_inputs({input("numbers")}, database_);
  const auto rows = duck::Connection(database_).query("SELECT sum(i)::BIGINT FROM numbers").rows;
  EXPECT_EQ(std::get<std::int64_t>(rows.at(0).at(0)), 45);
}

TEST_F(InputRegistrationTest, RegistersInNameOrder) {
  make_table("b");
  make_table("a");
  const RegisteredInputs registered = register_inputs({input("b"), input("a")}, database_);
  ASSERT_EQ(registered.tables.size(), 2u);
  EXPECT_EQ(registered.tables[0].name, "a");
  EXPECT_EQ(registered.tables[1].name, "b");
  EXPECT_TRUE(registered.warnings.empty());
}

TEST_F(InputRegistrationTest, KnowsVersionRowsAndProtocol) {
  make_table("numbers");
  const TableRegistration table = register_inputs({input("numbers")}, database_).tables.at(0);
  EXPECT_EQ(table.version, 0);
  EXPECT_EQ(table.rows, 10);
  EXPECT_EQ(table.location, place("numbers"));
  EXPECT_GE(table.compatibility.min_writer_version, 2);
  EXPECT_EQ(table.compatibility.column_mapping_mode, std::nullopt);
}

TEST_F(InputRegistrationTest, IdentityDependsOnNamePlaceVersionAndOptions) {
  const base::Digest identity = provider_identity("a", "/t", 1, false);
  EXPECT_EQ(provider_identity("a", "/t", 1, false), identity);
  EXPECT_NE(provider_identity("b", "/t", 1, false), identity);
  EXPECT_NE(provider_identity("a", "/u", 1, false), identity);
  EXPECT_NE(provider_identity("a", "/t", 2, false), identity);
  EXPECT_NE(provider_identity("a", "/t", 1, true), identity);
}

TEST_F(InputRegistrationTest, AMissingTableIsTheRequestsFault) {
  const base::Error error = failure_of(input("missing"));
  EXPECT_EQ(error.stage(), base::Stage::kValidation);
  EXPECT_EQ(error.details().at("cause"), "DELTA_TABLE_NOT_FOUND");
  EXPECT_TRUE(error.message().starts_with("input 'missing': ")) << error.message();
}

TEST_F(InputRegistrationTest, AFileInATablesPlaceIsTheRequestsFault) {
  std::ofstream(folder_ / "file") << "not a table";
  EXPECT_EQ(failure_of(input("file")).stage(), base::Stage::kValidation);
}

TEST_F(InputRegistrationTest, AMissingVersionIsTheRequestsFault) {
  make_table("numbers");
  InputRelation pinned = input("numbers");
  pinned.version_pin = 5;
  EXPECT_EQ(failure_of(pinned).stage(), base::Stage::kValidation);
}

TEST_F(InputRegistrationTest, ACorruptLogIsNotTheRequestsFault) {
  make_table("numbers");
  std::ofstream(folder_ / "numbers/_delta_log/00000000000000000000.json") << "{\"protocol\":";
  const base::Error error = failure_of(input("numbers"));
  EXPECT_EQ(error.stage(), base::Stage::kRuntime);
  EXPECT_EQ(error.details().at("cause"), "DELTA_LOG_CORRUPT");
}

}  // namespace
}  // namespace engine
