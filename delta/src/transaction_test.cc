#include "delta/transaction.h"
#include "delta/testing/hand_made_log.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "delta/clustering_columns.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

using Names = std::vector<std::string>;

NewTable long_table() {
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  return table;
}

AddFile file(const std::string& path) {
  AddFile add;
  add.path = path;
  add.size = 10;
  add.modification_time = 20;
  add.stats = R"({"numRecords":3})";
  return add;
}

class TransactionTest : public testing::Test {
 protected:
  Transaction create(const NewTable& table = long_table()) {
    return Transaction::create(store_, "/t", table);
  }
  std::shared_ptr<const Snapshot> load() { return Snapshot::load(store_, nullptr, "/t"); }
  Names paths() {
    const auto snapshot = load();
    Names names;
    for (const AddFile& add : snapshot->files()) names.push_back(add.path);
    std::sort(names.begin(), names.end());
    return names;
  }
  // The lines of a commit as JSON.
  std::vector<nlohmann::json> lines(std::int64_t version) {
    std::vector<nlohmann::json> found;
    const std::string text = store_->read(commit_path("/t", version));
    std::size_t start = 0;
    while (start < text.size()) {
      const std::size_t end = text.find('\n', start);
      found.push_back(nlohmann::json::parse(text.substr(start, end - start)));
      start = end + 1;
    }
    return found;
  }
  void create_with(const Names& names) {
    Transaction transaction = create();
    for (const std::string& name : names) transaction.add(file(name));
    transaction.commit({});
  }
  void append(const std::shared_ptr<const Snapshot>& base, const std::string& name) {
    Transaction transaction = Transaction::start(base);
    transaction.add(file(name));
    transaction.commit({});
  }
  template <typename Action>
  base::Error error_of(const Action& action) {
    try {
      action();
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }

  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(TransactionTest, CreatesATable) {
  NewTable table = long_table();
  table.configuration["Delta.AppendOnly"] = "true";
  table.configuration["x"] = "y";
  Transaction transaction = create(table);
  transaction.add(file("f"));
  const CommitResult result = transaction.commit({});
  EXPECT_EQ(result.version, 0);
  EXPECT_EQ(result.files_added, 1);
  EXPECT_EQ(result.bytes_added, 10);
  const auto snapshot = load();
  EXPECT_EQ(snapshot->schema(), table.schema);
  EXPECT_EQ(snapshot->protocol(), Protocol{});
  EXPECT_EQ(snapshot->metadata().configuration,
            (std::map<std::string, std::string>{{"delta.appendOnly", "true"}, {"x", "y"}}));
  EXPECT_EQ(snapshot->metadata().id.size(), 36u);
  EXPECT_EQ(paths(), Names{"f"});
}

TEST_F(TransactionTest, RefusesToCreateATableThatIsThere) {
  create_with({});
  EXPECT_EQ(error_of([&] { create().commit({}); }).code(), "DELTA_COMMIT_CONFLICT");
}

TEST_F(TransactionTest, AppendsFiles) {
  create_with({"f"});
  append(load(), "g");
  EXPECT_EQ(load()->version(), 1);
  EXPECT_EQ(paths(), (Names{"f", "g"}));
  EXPECT_EQ(lines(1)[0]["commitInfo"]["isBlindAppend"], true);
}

TEST_F(TransactionTest, Overwrites) {
  create_with({"f", "g"});
  Transaction transaction = Transaction::start(load());
  transaction.remove_all();
  transaction.add(file("h"));
  transaction.commit({.operation = "WRITE"});
  EXPECT_EQ(paths(), Names{"h"});
  const auto removed = lines(1)[1]["remove"];
  EXPECT_EQ(removed["dataChange"], true);
  EXPECT_EQ(removed["extendedFileMetadata"], true);
  EXPECT_EQ(removed["size"], 10);
  EXPECT_GT(removed["deletionTimestamp"].get<std::int64_t>(), 0);
  EXPECT_EQ(lines(1)[0]["commitInfo"]["isBlindAppend"], false);
}

TEST_F(TransactionTest, SaysWhereACommitComesFrom) {
  create_with({});
  Transaction transaction = Transaction::start(load());
  transaction.add(file("f"));
  CommitOptions options;
  options.operation = "WRITE";
  options.operation_parameters = {{"mode", "Append"}, {"partitionBy", nlohmann::json::array()}};
  options.operation_metrics = {{"executionTimeMs", 5}};
  options.properties = {{"codeanatomy.spec_hash", "abc"}, {"operation", "loses"}};
  transaction.commit(options);
  const auto info = lines(1)[0]["commitInfo"];
  EXPECT_EQ(info["operation"], "WRITE");
  EXPECT_EQ(info["operationParameters"],
            (nlohmann::json{{"mode", "Append"}, {"partitionBy", "[]"}}));
  EXPECT_EQ(info["operationMetrics"], (nlohmann::json{{"executionTimeMs", "5"},
                                                      {"numFiles", "1"},
                                                      {"numOutputBytes", "10"},
                                                      {"numOutputRows", "3"}}));
  EXPECT_EQ(info["codeanatomy.spec_hash"], "abc");
  EXPECT_EQ(info["readVersion"], 0);
  EXPECT_TRUE(info["engineInfo"].get<std::string>().starts_with("CodeAnatomy-Delta/"));
  EXPECT_EQ(info["txnId"].get<std::string>().size(), 36u);
  EXPECT_GT(info["timestamp"].get<std::int64_t>(), 1700000000000);
}

TEST_F(TransactionTest, PutsABlindAppendAfterOthers) {
  create_with({});
  const auto base = load();
  append(base, "f");
  append(base, "g");
  append(base, "h");
  EXPECT_EQ(load()->version(), 3);
  EXPECT_EQ(paths(), (Names{"f", "g", "h"}));
}

TEST_F(TransactionTest, RefusesAnOverwriteOfDataThatHasChanged) {
  NewTable table = long_table();
  table.configuration["delta.isolationLevel"] = "Serializable";
  Transaction creation = create(table);
  creation.add(file("f"));
  creation.commit({});
  const auto base = load();
  append(base, "g");
  Transaction transaction = Transaction::start(base);
  transaction.remove_all();
  const base::Error error = error_of([&] { transaction.commit({}); });
  EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
  EXPECT_EQ(error.details().at("version"), "1");
  EXPECT_NE(error.details().at("reason").find("added rows"), std::string::npos);
  EXPECT_EQ(paths(), (Names{"f", "g"}));
}

TEST_F(TransactionTest, RefusesAnAppendAfterAChangeOfTheMetadata) {
  create_with({});
  const auto base = load();
  Transaction change = Transaction::start(base);
  Metadata metadata = base->metadata();
  metadata.configuration["k"] = "v";
  change.update_metadata(metadata);
  change.commit({});
  const base::Error error = error_of([&] { append(base, "f"); });
  EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
  EXPECT_NE(error.details().at("reason").find("metadata"), std::string::npos);
  EXPECT_EQ(load()->metadata().configuration.at("k"), "v");
}

TEST_F(TransactionTest, RefusesTheSameTransactionIdTwice) {
  create_with({});
  const auto base = load();
  const auto commit = [&](std::int64_t version) {
    Transaction transaction = Transaction::start(base);
    transaction.add(file("f" + std::to_string(version)));
    transaction.set_transaction({"app", version, std::nullopt});
    transaction.commit({});
  };
  commit(1);
  EXPECT_EQ(error_of([&] { commit(2); }).code(), "DELTA_COMMIT_CONFLICT");
  EXPECT_EQ(load()->transaction_version("app"), 1);
}

TEST_F(TransactionTest, AFileIsAddedOnceAndNotRemovedToo) {
  create_with({"f", "g"});
  Transaction twice = Transaction::start(load());
  twice.add(file("a b"));
  twice.add(file("a%20b"));
  const base::Error repeated = error_of([&] { twice.commit({}); });
  EXPECT_EQ(repeated.code(), "DELTA_FILE_REPEATED");
  EXPECT_EQ(repeated.message(), "table '/t': a commit cannot add twice the file 'a%20b'");
  Transaction both = Transaction::start(load());
  both.remove_all();
  both.add(file("g"));
  EXPECT_EQ(error_of([&] { both.commit({}); }).message(),
            "table '/t': a commit cannot add and remove the file 'g'");
  Transaction vector = Transaction::start(load());
  AddFile with_vector = file("g");
  with_vector.deletion_vector =
      DeletionVectorDescriptor{"u", "vBn[lx{q8@P<9BNH/isA", std::nullopt, 36, 2};
  vector.add(with_vector);
  EXPECT_EQ(error_of([&] { vector.commit({}); }).message(),
            "table '/t': a commit cannot add, without a removal, another deletion vector of the "
            "file 'g'");
  EXPECT_EQ(paths(), (Names{"f", "g"}));
}

TEST_F(TransactionTest, KeepsAppendOnlyTablesFromLosingFiles) {
  NewTable table = long_table();
  table.configuration["delta.appendOnly"] = "true";
  Transaction transaction = create(table);
  transaction.add(file("f"));
  transaction.commit({});
  append(load(), "g");
  Transaction overwrite = Transaction::start(load());
  overwrite.remove_all();
  EXPECT_EQ(error_of([&] { overwrite.commit({}); }).code(), "DELTA_APPEND_ONLY");
  Transaction rearrangement = Transaction::start(load());
  rearrangement.remove_all();
  rearrangement.add(file("h"));
  rearrangement.set_data_change(false);
  EXPECT_EQ(rearrangement.commit({}).version, 2);
}

TEST_F(TransactionTest, NamesTheFeaturesThatASchemaNeeds) {
  NewTable table = long_table();
  table.schema.fields.push_back(
      {"n", DataType::array_of(DataType::primitive(TypeKind::kTimestampNtz), true)});
  create(table).commit({});
  const Protocol protocol = load()->protocol();
  EXPECT_EQ(protocol.min_reader_version, 3);
  EXPECT_EQ(protocol.min_writer_version, 7);
  EXPECT_EQ(protocol.reader_features, Names{"timestampNtz"});
  EXPECT_EQ(protocol.writer_features, (Names{"appendOnly", "invariants", "timestampNtz"}));
}

TEST_F(TransactionTest, KeepsInCommitTimestampsRising) {
  NewTable table = long_table();
  table.configuration["delta.enableInCommitTimestamps"] = "true";
  create(table).commit({});
  const std::int64_t far_ahead = 99999999999999;
  auto first = lines(0);
  EXPECT_TRUE(first[0]["commitInfo"].contains("inCommitTimestamp"));
  first[0]["commitInfo"]["inCommitTimestamp"] = far_ahead;
  std::string text;
  for (const auto& line : first) text += line.dump() + "\n";
  store_->put(commit_path("/t", 0), text);
  append(load(), "f");
  EXPECT_EQ(lines(1)[0]["commitInfo"]["inCommitTimestamp"], far_ahead + 1);
}

TEST_F(TransactionTest, SaysSinceWhenCommitsHaveTimestamps) {
  create_with({});
  Transaction late = Transaction::start(load());
  Metadata metadata = load()->metadata();
  metadata.configuration["delta.enableInCommitTimestamps"] = "true";
  late.update_metadata(metadata);
  append(load(), "f");
  late.commit({});
  const auto properties = load()->metadata().configuration;
  EXPECT_EQ(properties.at("delta.inCommitTimestampEnablementVersion"), "2");
  const std::int64_t time = lines(2)[0]["commitInfo"]["inCommitTimestamp"];
  EXPECT_EQ(properties.at("delta.inCommitTimestampEnablementTimestamp"), std::to_string(time));
  EXPECT_GT(time, store_->list("/t/_delta_log", "00000000000000000001.json")[0].modification_time);
}

TEST_F(TransactionTest, WritesChangeDataAndDomains) {
  NewTable table = long_table();
  table.configuration["delta.enableChangeDataFeed"] = "true";
  table.configuration["delta.feature.domainMetadata"] = "supported";
  create(table).commit({});
  Transaction transaction = Transaction::start(load());
  transaction.add_change_data({"_change_data/c.parquet", {}, 7});
  transaction.set_domain_metadata({"mine", "1", false});
  transaction.set_domain_metadata({"mine", "2", false});
  transaction.commit({});
  EXPECT_EQ(load()->domain_metadata().at("mine").configuration, "2");
  EXPECT_EQ(lines(1).back()["cdc"]["path"], "_change_data/c.parquet");
  EXPECT_EQ(lines(1).size(), 3U);
}

TEST_F(TransactionTest, RefusesDeletionVectorsWhereTheyCannotBe) {
  const DeletionVectorDescriptor vector{"i", "x", std::nullopt, 40, 1};
  create_with({"f"});
  Transaction without = Transaction::start(load());
  EXPECT_EQ(
      error_of([&] { without.replace_deletion_vector(file("f"), vector); }).details().at("feature"),
      "deletionVectors");
  store_ = memory_store();
  NewTable table = long_table();
  table.configuration["delta.enableDeletionVectors"] = "true";
  create(table).commit({});
  AddFile unknown = file("f");
  unknown.stats = std::nullopt;
  Transaction uncounted = Transaction::start(load());
  EXPECT_EQ(error_of([&] { uncounted.replace_deletion_vector(unknown, vector); }).code(),
            "DELTA_STATS_MISSING");
  store_ = memory_store();
  table.configuration["delta.enableChangeDataFeed"] = "true";
  create(table).commit({});
  Transaction fed = Transaction::start(load());
  EXPECT_EQ(
      error_of([&] { fed.replace_deletion_vector(file("f"), vector); }).details().at("feature"),
      "changeDataFeed");
  Transaction able = Transaction::start(load(), {.change_data = true});
  able.replace_deletion_vector(file("f"), vector);
}

TEST_F(TransactionTest, RefusesMetadataDomainsThatAreNotTheCallers) {
  create_with({});
  Transaction without = Transaction::start(load());
  EXPECT_EQ(
      error_of([&] { without.set_domain_metadata({"mine", "", false}); }).details().at("feature"),
      "domainMetadata");
}

TEST_F(TransactionTest, ChangesTypesOnlyWhereNoFileHoldsTheOldOnes) {
  create_with({"f"});
  const auto change_type = [&](bool replaces) {
    Transaction transaction = Transaction::start(load());
    Metadata metadata = load()->metadata();
    metadata.schema_string =
        R"({"type":"struct","fields":[{"name":"a","type":"string","nullable":true,"metadata":{}}]})";
    transaction.update_metadata(metadata);
    if (replaces) transaction.remove_all();
    transaction.commit({});
  };
  const base::Error error = error_of([&] { change_type(false); });
  EXPECT_EQ(error.code(), "DELTA_SCHEMA_MISMATCH");
  EXPECT_EQ(error.details().at("column"), "a");
  change_type(true);
  EXPECT_EQ(load()->schema().fields[0].type.kind(), TypeKind::kString);
}

TEST_F(TransactionTest, CreatesClusteredTables) {
  NewTable table = long_table();
  table.schema.fields.push_back({"b", DataType::primitive(TypeKind::kString)});
  table.clustering_columns = {{"b"}};
  create(table).commit({});
  EXPECT_EQ(clustering_columns(*load()), table.clustering_columns);
  EXPECT_EQ(load()->protocol().writer_features,
            (Names{"appendOnly", "invariants", "clustering", "domainMetadata"}));
  append(load(), "f");
  EXPECT_EQ(clustering_columns(*load()), table.clustering_columns);
  store_ = memory_store();
  table.clustering_columns = {{"c"}};
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
  table.clustering_columns = {{"b"}, {"b"}};
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
  table.clustering_columns = {{"a"}};
  table.configuration["delta.dataSkippingStatsColumns"] = "b";
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
  table.clustering_columns = {{"b"}};
  table.partition_columns = {"a"};
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
  // Names of what the change data feed has beside the columns, as Spark refuses them.
  table = long_table();
  table.schema.fields.push_back({"_Commit_Version", DataType::primitive(TypeKind::kLong)});
  table.configuration["delta.enableChangeDataFeed"] = "true";
  EXPECT_EQ(error_of([&] { create(table); }).details().at("column"), "_Commit_Version");
  table.configuration["delta.enableChangeDataFeed"] = "false";
  create(table);
}

TEST_F(TransactionTest, PropertiesAreCheckedWhereTheyAreSet) {
  NewTable table = long_table();
  table.schema.fields.push_back({"b", DataType::primitive(TypeKind::kString)});
  table.schema.fields.push_back({"raw", DataType::primitive(TypeKind::kBinary)});
  table.schema.fields.push_back({"p", DataType::primitive(TypeKind::kLong)});
  table.schema.fields.push_back(
      {"s", DataType::struct_of({{"raw", DataType::primitive(TypeKind::kBinary)}})});
  table.partition_columns = {"p"};
  create(table).commit({});
  const auto fault = [&](const std::map<std::string, std::string>& properties) {
    NewTable other = table;
    other.configuration = properties;
    const std::string when_new =
        error_of([&] { Transaction::create(memory_store(), "/t", other); }).code();
    const std::string when_changed = error_of([&] {
                                       Metadata metadata = load()->metadata();
                                       metadata.configuration = properties;
                                       Transaction::start(load()).update_metadata(metadata);
                                     }).code();
    return when_new == when_changed ? when_new : when_new + " / " + when_changed;
  };
  EXPECT_EQ(fault({{"delta.checkpointInterval", "0"}}), "DELTA_PROPERTY_INVALID");
  EXPECT_EQ(fault({{"delta.foo", "1"}}), "DELTA_PROPERTY_INVALID");
  EXPECT_EQ(fault({{"delta.enableIcebergCompatV2", "true"}}), "DELTA_UNSUPPORTED_FEATURE");
  const std::string columns = "delta.dataSkippingStatsColumns";
  for (const char* wrong : {"nope", "s.nope", "b.c", "raw", "p", "a,a", "s, s.raw", "a,"}) {
    EXPECT_EQ(fault({{columns, wrong}}), "DELTA_PROPERTY_INVALID") << wrong;
  }
  for (const char* right : {"", "A, `b`", "s", "s.raw"}) {
    EXPECT_EQ(fault({{columns, right}}), "NONE") << right;
  }
  const std::string log = "delta.logRetentionDuration";
  const std::string files = "delta.deletedFileRetentionDuration";
  EXPECT_EQ(fault({{log, "1 day"}}), "DELTA_PROPERTY_INVALID");
  EXPECT_EQ(fault({{files, "31 days"}}), "DELTA_PROPERTY_INVALID");
  EXPECT_EQ(fault({{log, "1 day"}, {files, "1 day"}}), "NONE");
  EXPECT_EQ(fault({{log, "40 days"}, {files, "31 days"}}), "NONE");
}

TEST_F(TransactionTest, PropertiesThatStayAreNotChecked) {
  HandMadeLog log;  // by another writer
  log.create({{"delta.foo", "1"}, {"delta.checkpointInterval", "0"}, {"Delta.AppendOnly", "x"}});
  Transaction transaction = Transaction::start(log.load());
  Metadata metadata = log.load()->metadata();
  metadata.configuration["delta.APPENDONLY"] = "false";
  transaction.update_metadata(metadata);
  EXPECT_EQ(transaction.metadata().configuration.at("delta.foo"), "1");
  EXPECT_EQ(transaction.metadata().configuration.at("delta.appendOnly"), "false");
  metadata.configuration["delta.checkpointInterval"] = "-1";
  EXPECT_EQ(error_of([&] { transaction.update_metadata(metadata); }).code(),
            "DELTA_PROPERTY_INVALID");
}

TEST_F(TransactionTest, ATableStaysClusteredAsLongAsItHasTheColumnsForIt) {
  using Columns = std::vector<std::vector<std::string>>;
  for (const bool mapped : {false, true}) {
    store_ = memory_store();
    NewTable table = long_table();
    table.schema.fields.push_back({"b", DataType::primitive(TypeKind::kString)});
    table.clustering_columns = {{"b"}};
    if (mapped) table.configuration["delta.columnMapping.mode"] = "name";
    const WriterCapabilities maps{.column_mapping = true};
    Transaction::create(store_, "/t", table, maps).commit({});
    const auto change = [&](const std::vector<StructField>& columns,
                            const Names& partition_columns = {}) {
      Transaction transaction = Transaction::start(load(), maps);
      transaction.remove_all();
      Metadata metadata = transaction.metadata();
      metadata.schema_string = to_json(Schema{columns});
      metadata.partition_columns = partition_columns;
      transaction.update_metadata(metadata);
      transaction.commit({});
      return clustering_columns(*load());
    };
    const StructField a{"a", DataType::primitive(TypeKind::kLong)};
    const StructField b{"b", DataType::primitive(TypeKind::kString)};
    const StructField long_b{"b", DataType::primitive(TypeKind::kLong)};
    const StructField list_b{"b", DataType::array_of(a.type, true)};
    EXPECT_EQ(change({b, a}), Columns{{"b"}});
    EXPECT_EQ(change({a, long_b}), Columns{{"b"}});  // with another physical name, when mapped
    EXPECT_EQ(change({a, list_b}), Columns{});
    EXPECT_EQ(change({a, b}), Columns{});
    Transaction again = Transaction::start(load(), maps);
    again.set_domain_metadata(clustering_domain(again.protocol(), again.metadata(), {{"b"}}));
    again.commit({});
    EXPECT_EQ(change({a, b}, {"a"}), Columns{});
  }
}

TEST_F(TransactionTest, RefusesTablesThatDemandMoreThanItDoes) {
  NewTable table = long_table();
  table.configuration["delta.constraints.positive"] = "a > 0";
  EXPECT_EQ(error_of([&] { create(table); }).details().at("feature"), "checkConstraints");
  table = long_table();
  table.schema.fields[0].metadata["delta.invariants"] = "{}";
  EXPECT_EQ(error_of([&] { create(table); }).details().at("feature"), "invariants");
  table = long_table();
  table.configuration["delta.columnMapping.mode"] = "name";
  EXPECT_EQ(error_of([&] { create(table); }).details().at("feature"), "columnMapping");
}

TEST_F(TransactionTest, RefusesDefinitionsThatMakeNoSense) {
  NewTable table = long_table();
  table.schema.fields.push_back({"A", DataType::primitive(TypeKind::kLong)});
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
  table = long_table();
  table.partition_columns = {"b"};
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
  table.partition_columns = {"a"};
  EXPECT_EQ(error_of([&] { create(table); }).code(), "DELTA_SCHEMA_INVALID");
}

}  // namespace
}  // namespace delta
