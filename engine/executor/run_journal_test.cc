#include "engine/executor/run_journal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

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

  // The identifier of a run that leaves its file.
  std::string cut_off() const {
    RunJournal run = journal();
    run.open();
    return run.run_id();
  }

  const fs::path folder_ = fs::temp_directory_path() / ("run-journal-" + base::random_uuid());
};

TEST_F(RunJournalTest, ARunThatWasCutOffGoesOnUnderItsIdentifier) {
  const std::string first = cut_off();
  {
    RunJournal second = journal();
    EXPECT_EQ(second.run_id(), first);
    second.open();
    second.close();
  }
  EXPECT_NE(journal().run_id(), first);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RunJournalTest, ARunThatGoesOnIsCutOffItself) {
  const std::string first = cut_off();
  EXPECT_EQ(cut_off(), first);
  EXPECT_EQ(journal().run_id(), first);
}

TEST_F(RunJournalTest, ARunThatLivesIsNotCutOff) {
  RunJournal first = journal();
  first.open();
  RunJournal second = journal();
  EXPECT_NE(second.run_id(), first.run_id());
  second.open();
  second.close();
  EXPECT_NE(journal().run_id(), first.run_id());
  first.close();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RunJournalTest, ARunThatLivesIsFoundOnceItIsCutOff) {
  std::string first;
  {
    RunJournal journal_of_first = journal();
    first = journal_of_first.run_id();
    journal_of_first.open();
    RunJournal second = journal();
    second.open();
    second.close();
  }
  EXPECT_EQ(journal().run_id(), first);
}

TEST_F(RunJournalTest, OneRunGoesOnWithOneThatWasCutOff) {
  const std::string cut = cut_off();
  RunJournal first = journal();
  RunJournal second = journal();
  EXPECT_EQ(first.run_id(), cut);
  EXPECT_NE(second.run_id(), cut);
  first.open();  // which writes the file anew
  EXPECT_NE(journal().run_id(), cut);
}

TEST_F(RunJournalTest, EachOfSeveralThatWereCutOffIsGoneOnWith) {
  std::set<std::string> cut;
  {
    RunJournal first = journal();
    RunJournal second = journal();
    first.open();
    second.open();
    cut = {first.run_id(), second.run_id()};
  }
  RunJournal third = journal();
  RunJournal fourth = journal();
  EXPECT_EQ((std::set{third.run_id(), fourth.run_id()}), cut);
}

TEST_F(RunJournalTest, AFileWithoutARunInItsNameIsGoneOnWith) {
  std::ofstream(folder_ / "_codeanatomy_run_one") << "an earlier one's";
  {
    RunJournal next = journal();
    EXPECT_EQ(next.run_id(), "an earlier one's");
    next.open();
    EXPECT_NE(journal().run_id(), next.run_id());
    next.close();
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RunJournalTest, RunsThatLiveAtOnceAreAllDifferent) {
  std::mutex mutex;
  std::set<std::string> living;
  const auto run_some = [&] {
    for (int i = 0; i < 25; ++i) {
      RunJournal mine = journal();
      {
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(living.insert(mine.run_id()).second);
      }
      mine.open();
      // Every other one is cut off, and another thread goes on with it.
      {
        const std::lock_guard lock(mutex);
        living.erase(mine.run_id());
      }
      if (i % 2 == 0) mine.close();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(run_some);
  }
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
  const std::string first = cut_off();
  {
    RunJournal second = journal();
    second.open();
    second.abandon();
  }
  EXPECT_EQ(journal().run_id(), first);
}

TEST_F(RunJournalTest, AnotherRunIsNotMistakenForIt) {
  const std::string first = cut_off();
  EXPECT_NE(journal("two").run_id(), first);
  EXPECT_NE(journal("on").run_id(), first);
}

TEST(RunJournal, KeepsNothingOfARunThatAppendsNothing) {
  RunJournal journal;
  journal.open();
  journal.close();
  EXPECT_NE(journal.run_id(), RunJournal().run_id());
}

}  // namespace
}  // namespace engine
