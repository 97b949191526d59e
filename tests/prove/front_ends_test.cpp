// Every obligation is SMT-LIB that both solvers' front ends read: Z3's parser, and cvc5 --parse-only.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <z3++.h>

#include "prove/process.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

// What cvc5 says of the scripts, one after another; empty when it reads them all.
std::string complaint_of_cvc5(const std::vector<std::string>& scripts) {
  std::string all;
  for (const std::string& script : scripts) all += script + "(reset)\n";
  const ScriptFile file(all, "smt2");
  const ProcessOutput output =
      run_process(fmt::format("cvc5 --lang=smt2 --fp-exp --parse-only '{}' 2>&1", file.path()));
  return output.exit == 0 && output.text.find("error") == std::string::npos ? "" : output.text + "?";
}

std::size_t assertions_that_z3_reads(const std::string& script) {
  z3::context context;
  return context.parse_string(script.c_str()).size();
}

void add_scripts(const Obligation& obligation, std::vector<std::string>& scripts) {
  scripts.push_back(obligation.hypotheses);
  for (const Goal& goal : obligation.goals) {
    if (goal.method != Method::gappa) scripts.push_back(goal.script);
  }
}

TEST(FrontEnds, OfBothSolversReadEveryScript) {
  std::size_t read = 0;
  for (const Theorem& theorem : proofs::theorems()) {
    std::vector<std::string> scripts;
    add_scripts(theorem.statement.obligation(), scripts);
    add_scripts(theorem.twin.statement.obligation(), scripts);
    EXPECT_EQ(complaint_of_cvc5(scripts), "") << theorem.name;
    std::size_t assertions = 0;
    for (const std::string& script : scripts) {
      ASSERT_NO_THROW(assertions += assertions_that_z3_reads(script)) << theorem.name;
      ++read;
    }
    EXPECT_GT(assertions, 0U) << theorem.name;
  }
  EXPECT_GT(read, 3 * proofs::theorems().size());
}

TEST(FrontEnds, RefuseWhatIsNotSmtLib) {
  const std::string script = "(set-logic QF_NRA)(assert (> y 0.0))(check-sat)";
  EXPECT_NE(complaint_of_cvc5({script}), "");
  EXPECT_THROW(assertions_that_z3_reads(script), z3::exception);
}

}  // namespace
}  // namespace attest::prove
