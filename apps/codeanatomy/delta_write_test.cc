// `delta write` takes the rows and columns of its file as they are, or refuses it.

#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

class DeltaWriteTest : public ProgramTest {
 protected:
  // The rows of a new table, after writing the file to it.
  std::vector<Json> written(const std::string& file) const {
    fs::remove_all(folder_ / "t");
    const ProgramResult result = run({"delta", "write", "t", "--from", file});
    EXPECT_EQ(result.status, 0) << result.err;
    return rows("FROM delta_scan('t') ORDER BY ALL");
  }

  void copy(const std::string& query, const std::string& file) const {
    fs::create_directories((folder_ / file).parent_path());
    const ProgramResult result = run({"sql", query, "-o", file});
    ASSERT_EQ(result.status, 0) << result.err;
  }

  // Names no two columns of a file that DuckDB writes could have.
  void rename_in_file(const std::string& file, const std::string& from,
                      const std::string& to) const {
    std::string bytes = read(file);
    ASSERT_EQ(from.size(), to.size());
    ASSERT_NE(bytes.find(from), std::string::npos);
    for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at)) {
      bytes.replace(at, from.size(), to);
    }
    write(file, bytes);
  }

  void expect_refused(const std::string& file, int status, const std::string& error) const {
    const ProgramResult result = run({"delta", "write", "t", "--from", file});
    EXPECT_EQ(result.status, status) << file;
    EXPECT_EQ(result.err, error + "\n");
    EXPECT_FALSE(fs::exists(folder_ / "t")) << file;
  }

  void expect_one_name(const std::string& file, const std::string& first,
                       const std::string& second) const {
    expect_refused(file, 1,
                   "error[DELTA_SCHEMA_INVALID] runtime: cannot write to t: columns '" + first +
                       "' and '" + second + "' of " + file +
                       " have one name; case tells no columns apart");
  }
};

TEST_F(DeltaWriteTest, FoldersThatLookLikePartitionsAreNoColumns) {
  copy("SELECT 1::BIGINT AS k, 2::BIGINT AS v", "g/k=5/own.parquet");
  write("g/k=5/own.csv", "k,v\n1,2\n");
  write("g/k=5/own.jsonl", "{\"k\":1,\"v\":2}\n");
  copy("SELECT 2::BIGINT AS v", "g/k=5/without.parquet");
  for (const char* file : {"g/k=5/own.parquet", "g/k=5/own.csv", "g/k=5/own.jsonl"}) {
    EXPECT_EQ(written(file), std::vector({Json({{"k", 1}, {"v", 2}})})) << file;
  }
  EXPECT_EQ(written("g/k=5/without.parquet"), std::vector({Json({{"v", 2}})}));
}

TEST_F(DeltaWriteTest, PathsArePatternsOfNothing) {
  copy("SELECT 2::BIGINT AS v", "two.parquet");
  for (const std::string name : {"g/a1", "g/a2", "g/b"}) {
    write(name + ".csv", "v\n2\n");
    write(name + ".jsonl", "{\"v\":2}\n");
    fs::copy_file(folder_ / "two.parquet", folder_ / (name + ".parquet"));
  }
  for (const std::string file : {"g/a*.csv", "g/a?.csv", "g/a[12].csv", "g/[a.csv", "g/{a1,b}.csv",
                                 "s3:/b.csv", "~a.csv", "g/a*.jsonl", "g/[b].jsonl"}) {
    fs::remove_all(folder_ / "t");
    expect_refused(file, 2, "error[FILE_NOT_FOUND] validation: there is no file " + file);
    write(file, file.ends_with("csv") ? "v\n1\n" : "{\"v\":1}\n");
    EXPECT_EQ(written(file), std::vector({Json({{"v", 1}})})) << file;
  }
  copy("SELECT 1::BIGINT AS v", "one.parquet");
  for (const std::string file : {"g/a?.parquet", "g/[b].parquet"}) {
    fs::remove_all(folder_ / "t");
    expect_refused(file, 2, "error[FILE_NOT_FOUND] validation: there is no file " + file);
    fs::copy_file(folder_ / "one.parquet", folder_ / file);
    EXPECT_EQ(written(file), std::vector({Json({{"v", 1}})})) << file;
  }
  EXPECT_EQ(written("s3://b.csv"), std::vector({Json({{"v", 1}})}));
}

TEST_F(DeltaWriteTest, FoldersAreNoFiles) {
  for (const char* name : {"d.parquet", "d.csv", "d.json"}) {
    fs::create_directories(folder_ / name);
    copy("SELECT 1::BIGINT AS v", std::string(name) + "/part.parquet");
    expect_refused(
        name, 2,
        "error[FILE_NOT_READABLE] validation: " + std::string(name) + " is a folder, not a file");
  }
}

TEST_F(DeltaWriteTest, AFileWithoutTextHasNoColumns) {
  for (const char* name : {"e.csv", "e.jsonl"}) {
    for (const char* text : {"", " \n\n"}) {
      std::ofstream(folder_ / name) << text;
      expect_refused(
          name, 2,
          "error[FILE_EMPTY] validation: " + std::string(name) + " is empty: it tells no columns");
    }
  }
}

TEST_F(DeltaWriteTest, ParquetColumnsOfOneName) {
  copy("SELECT 1 AS id, 2 AS iX", "case.parquet");
  rename_in_file("case.parquet", "iX", "ID");
  expect_one_name("case.parquet", "id", "ID");
  copy("SELECT 1 AS id, 2 AS iX", "same.parquet");
  rename_in_file("same.parquet", "iX", "id");
  expect_one_name("same.parquet", "id", "id");
  copy("SELECT 0 AS id, {'a': {'id': 1, 'iX': 2}} AS s, 3 AS z", "fields.parquet");
  rename_in_file("fields.parquet", "iX", "ID");
  expect_one_name("fields.parquet", "s.a.id", "s.a.ID");
  copy("SELECT [{'id': 1, 'iX': 2}] AS l", "list.parquet");
  rename_in_file("list.parquet", "iX", "ID");
  expect_one_name("list.parquet", "l.list.element.id", "l.list.element.ID");
  // Names in different structs, and what DuckDB would have made of one of two.
  copy("SELECT 1 AS id, 2 AS id_1, {'id': 3, 'x': {'id': 4}} AS s, {'id': 5} AS t",
       "apart.parquet");
  EXPECT_EQ(
      written("apart.parquet"),
      std::vector({Json(
          {{"id", 1}, {"id_1", 2}, {"s", {{"id", 3}, {"x", {{"id", 4}}}}}, {"t", {{"id", 5}}}})}));
}

TEST_F(DeltaWriteTest, CsvColumnsOfOneName) {
  write("case.csv", "id,ID\n1,2\n");
  expect_one_name("case.csv", "id", "ID");
  write("text.csv", "n,id,m,id\nx,y,z,w\n");
  expect_one_name("text.csv", "id", "id");
  write("tabs.csv", "id\t ID\r\n1\t2\r\n");
  expect_one_name("tabs.csv", "id", "ID");
  write("quotes.csv", "# made by hand\n\n'i;d';'I;D'\n1;'2;3'\n");
  expect_one_name("quotes.csv", "i;d", "I;D");
  write("header.csv", "id,Id");
  expect_one_name("header.csv", "id", "Id");
  fs::create_directories(folder_ / "g");
  write("g/[k]=5.csv", "id,id_1,ID\n1,2,3\n");
  expect_one_name("g/[k]=5.csv", "id", "ID");

  write("apart.csv", "id,id_1,x_1,X_2,_1,1\n1,2,3,4,5,6\n");
  EXPECT_EQ(
      written("apart.csv"),
      std::vector({Json({{"id", 1}, {"id_1", 2}, {"x_1", 3}, {"X_2", 4}, {"_1", 5}, {"1", 6}})}));
  write("quoted.csv", "\"id\"|\"i\"\"d_1\"|\"ID_1\"\n1|2|\"3\"\n");
  EXPECT_EQ(written("quoted.csv"), std::vector({Json({{"id", 1}, {"i\"d_1", 2}, {"ID_1", 3}})}));
}

TEST_F(DeltaWriteTest, JsonKeysOfOneName) {
  write("case.jsonl", "{\"id\":1,\"ID\":2}\n");
  expect_one_name("case.jsonl", "ID", "id");
  write("rows.jsonl", "{\"id\":1}\n{\"ID\":2}\n");
  expect_one_name("rows.jsonl", "ID", "id");
  write("array.json", R"([{"id":1},{"n":3},{"ID":2}])");
  expect_one_name("array.json", "ID", "id");
  write("fields.jsonl", "{\"s\":{\"id\":1,\"ID\":2}}\n");
  const ProgramResult fields = run({"delta", "write", "t", "--from", "fields.jsonl"});
  EXPECT_EQ(fields.status, 2);
  EXPECT_NE(fields.err.find("Duplicate name \"ID\" in struct"), std::string::npos) << fields.err;

  write("apart.jsonl", "{\"id\":1,\"id_1\":2}\n");
  EXPECT_EQ(written("apart.jsonl"), std::vector({Json({{"id", 1}, {"id_1", 2}})}));
}

TEST_F(DeltaWriteTest, WhatTheFirstRowsDoNotTell) {
  write("title.csv", "numbers\n\nid,n\n1,2\n");
  EXPECT_EQ(written("title.csv"), std::vector({Json({{"id", 1}, {"n", 2}})}));
  fs::remove_all(folder_ / "t");
  std::string late;
  for (int i = 0; i < 30000; ++i) late += "{\"a\":1}\n";
  write("late.jsonl", late + "{\"A\":2}\n");
  expect_refused("late.jsonl", 1,
                 "error[QUERY_FAILED] runtime: JSON transform error in file \"late.jsonl\", in "
                 "line 30001: Object {\"A\":2} has unknown key \"A\"");
}

}  // namespace
}  // namespace apps
