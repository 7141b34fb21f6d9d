#include "engine/executor/run_journal.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/uuid.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

class RunJournalTest : public testing::Test {
 protected:
  RunJournalTest() { fs::create_directories(folder_); }
  ~RunJournalTest() override { fs::remove_all(folder_); }

  RunJournal journal(const std::string& identity = "one") const {
    return {folder_.string(), identity};
  }

  const fs::path folder_ = fs::temp_directory_path() / ("run-journal-" + base::random_uuid());
};

TEST_F(RunJournalTest, ARunThatWasCutOffGoesOnUnderItsIdentifier) {
  RunJournal first = journal();
  first.open();
  RunJournal second = journal();
  EXPECT_EQ(second.run_id(), first.run_id());
  second.open();
  second.close();
  EXPECT_NE(journal().run_id(), first.run_id());
}

TEST_F(RunJournalTest, ARunThatEndedOrNeverCommittedIsOver) {
  RunJournal first = journal();
  EXPECT_NE(journal().run_id(), first.run_id());
  first.open();
  first.close();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RunJournalTest, ARunThatCommittedNothingIsOver) {
  RunJournal first = journal();
  first.abandon();
  first.open();
  first.abandon();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RunJournalTest, ARunThatWasCutOffStaysOpenWhenThatWhichGoesOnCommitsNothing) {
  RunJournal first = journal();
  first.open();
  RunJournal second = journal();
  second.open();
  second.abandon();
  EXPECT_EQ(journal().run_id(), first.run_id());
}

TEST_F(RunJournalTest, AnotherRunIsNotMistakenForIt) {
  RunJournal first = journal();
  first.open();
  EXPECT_NE(journal("two").run_id(), first.run_id());
}

TEST(RunJournal, KeepsNothingOfARunThatAppendsNothing) {
  RunJournal journal;
  journal.open();
  journal.close();
  EXPECT_NE(journal.run_id(), RunJournal().run_id());
}

}  // namespace
}  // namespace engine
