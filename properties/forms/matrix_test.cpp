// The matrix of the report.
#include "forms/laws/matrix.hpp"

#include <set>

#include <gtest/gtest.h>

#include "theorems.hpp"

namespace attest::properties {
namespace {

forms::MatrixOptions small(int jobs) { return {.seed = 5, .cases = 4, .jobs = jobs}; }

TEST(Matrix, HoldsAndDoesNotDependOnTheNumberOfThreads) {
  const std::vector<forms::Cell> cells = forms::run_matrix(small(1));
  EXPECT_EQ(cells, forms::run_matrix(small(3)));
  EXPECT_EQ(cells.size(),
            forms::matrix_laws().size() * forms::matrix_forms().size() * forms::matrix_semantics().size());
  std::set<std::string> decided;  // laws
  std::size_t held = 0;
  for (const forms::Cell& cell : cells) {
    EXPECT_NE(cell.status, forms::CellStatus::violated)
        << cell.law << ", " << cell.form << ", " << cell.semantics << ": " << cell.why;
    EXPECT_EQ(cell.why.empty(), cell.status == forms::CellStatus::held);
    EXPECT_EQ(cell.cases > 0, cell.status == forms::CellStatus::held);
    if (cell.status != forms::CellStatus::held) continue;
    ++held;
    decided.insert(cell.law);
  }
  EXPECT_GT(held, cells.size() / 2);
  EXPECT_EQ(decided.size(), forms::matrix_laws().size());
}

TEST(Matrix, TellsItsProgressOncePerCell) {
  forms::MatrixOptions options = small(2);
  options.cases = 1;
  std::int64_t last = 0;
  std::int64_t total = 0;
  options.progress = [&](std::int64_t done, std::int64_t all) {
    EXPECT_EQ(done, last + 1);
    last = done;
    total = all;
  };
  const std::size_t cells = forms::run_matrix(options).size();
  EXPECT_EQ(cells, static_cast<std::size_t>(last));
  EXPECT_EQ(last, total);
}

TEST(Matrix, NamesAreDistinctAndExplained) {
  std::set<std::string_view> names;
  for (const forms::MatrixName& form : forms::matrix_forms()) {
    EXPECT_TRUE(names.insert(form.name).second) << form.name;
    EXPECT_FALSE(form.meaning.empty());
  }
  names.clear();
  for (const forms::MatrixName& semantics : forms::matrix_semantics()) {
    EXPECT_TRUE(names.insert(semantics.name).second) << semantics.name;
    EXPECT_FALSE(semantics.meaning.empty());
  }
  names.clear();
  for (const forms::MatrixLaw& law : forms::matrix_laws()) {
    EXPECT_TRUE(names.insert(law.name).second) << law.name;
    EXPECT_FALSE(law.statement.empty());
    EXPECT_FALSE(law.catches.empty());
  }
}

TEST(Matrix, RefersToTheoremsThatExist) {
  std::set<std::string> known;
  for (const prove::Theorem& theorem : proofs::theorems()) known.insert(theorem.name);
  for (const forms::MatrixLaw& law : forms::matrix_laws()) {
    EXPECT_FALSE(law.theorems.empty()) << law.name;
    for (const std::string_view name : law.theorems) EXPECT_TRUE(known.count(std::string(name))) << name;
  }
}

}  // namespace
}  // namespace attest::properties
