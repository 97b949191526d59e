// The matrix of the report.
#include "forms/laws/matrix.hpp"

#include <set>

#include <gtest/gtest.h>

#include "theorems.hpp"

namespace attest {
namespace {

MatrixOptions small(int jobs) { return {.seed = 5, .cases = 4, .jobs = jobs}; }

TEST(Matrix, HoldsAndDoesNotDependOnTheNumberOfThreads) {
  const std::vector<Cell> cells = run_matrix(small(1));
  EXPECT_EQ(cells, run_matrix(small(3)));
  EXPECT_EQ(cells.size(), matrix_laws().size() * matrix_forms().size() * matrix_semantics().size());
  std::set<std::string> decided;  // laws
  std::size_t held = 0;
  for (const Cell& cell : cells) {
    EXPECT_NE(cell.status, CellStatus::violated)
        << cell.law << ", " << cell.form << ", " << cell.semantics << ": " << cell.why;
    EXPECT_EQ(cell.why.empty(), cell.status == CellStatus::held);
    EXPECT_EQ(cell.cases > 0, cell.status == CellStatus::held);
    if (cell.status != CellStatus::held) continue;
    ++held;
    decided.insert(cell.law);
  }
  EXPECT_GT(held, cells.size() / 2);
  EXPECT_EQ(decided.size(), matrix_laws().size());
}

TEST(Matrix, TellsItsProgressOncePerCell) {
  MatrixOptions options = small(2);
  options.cases = 1;
  std::int64_t last = 0;
  std::int64_t total = 0;
  options.progress = [&](std::int64_t done, std::int64_t all) {
    EXPECT_EQ(done, last + 1);
    last = done;
    total = all;
  };
  const std::size_t cells = run_matrix(options).size();
  EXPECT_EQ(cells, static_cast<std::size_t>(last));
  EXPECT_EQ(last, total);
}

TEST(Matrix, NamesAreDistinctAndExplained) {
  std::set<std::string_view> names;
  for (const MatrixName& form : matrix_forms()) {
    EXPECT_TRUE(names.insert(form.name).second) << form.name;
    EXPECT_FALSE(form.meaning.empty());
  }
  names.clear();
  for (const MatrixName& semantics : matrix_semantics()) {
    EXPECT_TRUE(names.insert(semantics.name).second) << semantics.name;
    EXPECT_FALSE(semantics.meaning.empty());
  }
  names.clear();
  for (const MatrixLaw& law : matrix_laws()) {
    EXPECT_TRUE(names.insert(law.name).second) << law.name;
    EXPECT_FALSE(law.statement.empty());
    EXPECT_FALSE(law.catches.empty());
  }
}

TEST(Matrix, RefersToTheoremsThatExist) {
  std::set<std::string> known;
  for (const Theorem& theorem : theorems()) known.insert(theorem.name);
  for (const MatrixLaw& law : matrix_laws()) {
    EXPECT_FALSE(law.theorems.empty()) << law.name;
    for (const std::string_view name : law.theorems) EXPECT_TRUE(known.count(std::string(name))) << name;
  }
}

}  // namespace
}  // namespace attest
