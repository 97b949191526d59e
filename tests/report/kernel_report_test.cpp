// What reports say of contracts, memory, laws of many kernels, and verdicts of many.

#include <gtest/gtest.h>

#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "report/check/laws_markdown.hpp"

namespace attest::report {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

check::ContractReport judged_by(const std::string& text, bool declared, std::vector<std::string> dtypes) {
  check::ContractReport contract;
  contract.text = text;
  contract.declared = declared;
  contract.dtypes = std::move(dtypes);
  return contract;
}

TEST(KernelReport, NamesAContractForWhatItFits) {
  check::KernelReport report;
  EXPECT_EQ(contract_origin(report), "assumed: the loosest preset that fits");
  report.declared_contract = "f64";
  EXPECT_EQ(contract_origin(report),
            "assumed: the loosest preset that fits, because the declared f64 fits no dtype that the kernel "
            "accepts");
  report.contract = report.declared_contract = "flash-bf16";
  report.contract_declared = true;
  report.contracts = {judged_by("flash-bf16", true, {"bf16"})};
  EXPECT_EQ(contract_origin(report), "declared");
  report.contracts.push_back(judged_by("f32", false, {"f32"}));
  EXPECT_EQ(contract_origin(report), "declared; for f32, assumed f32");
  EXPECT_TRUE(contains(kernel_text(report), "contract flash-bf16 (declared; for f32, assumed f32)"));
  const Json json = kernel_json(report)["contracts"];
  EXPECT_EQ(json[1]["declared"], false);
  EXPECT_EQ(json[1]["dtypes"], Json({"f32"}));
}

TEST(KernelReport, TellsTheMemoryThatWasMeasured) {
  check::KernelReport report;
  EXPECT_EQ(memory_text(report.memory), "");
  EXPECT_TRUE(kernel_json(report)["memory"]["heap_bytes"].is_null());
  report.memory.stack_bytes = 2048;
  report.memory.stack_case = "a case";
  EXPECT_EQ(memory_text(report.memory),
            "memory per call: stack at most 2 KiB (a case); largest heap not measured");
  report.memory.heap_bytes = std::uint64_t{3} << 20;
  report.memory.heap_case = "another";
  EXPECT_TRUE(contains(kernel_text(report), "largest heap 3 MiB (another)\n"));
  EXPECT_EQ(kernel_json(report)["memory"]["heap_bytes"], 3 << 20);
}

check::LawReport law(const std::string& name, check::LawStatus status, std::optional<bool> bitwise = {}) {
  check::LawReport report;
  report.name = name;
  report.status = status;
  report.cases = status == check::LawStatus::not_applicable ? 0 : 1000;
  report.broken = status == check::LawStatus::broken ? 7 : 0;
  report.why = status == check::LawStatus::held ? "" : "a | reason";
  report.bitwise = bitwise;
  return report;
}

check::KernelReport kernel(const std::string& name, check::Verdict verdict,
                           std::vector<check::LawReport> laws) {
  check::KernelReport report;
  report.info.name = name;
  report.verdict = verdict;
  report.laws = std::move(laws);
  return report;
}

std::vector<check::KernelReport> kernels() {
  check::LawReport noted = law("poison", check::LawStatus::held);
  noted.notes = {{"NaN reaches the output (documented: a page)", 3}};
  return {
      kernel("lib:a", check::Verdict::conforming, {law("repeat", check::LawStatus::held, true), noted}),
      kernel("lib:b", check::Verdict::conforming, {law("repeat", check::LawStatus::held, false), noted}),
      kernel("lib:c", check::Verdict::defective,
             {law("repeat", check::LawStatus::broken), law("poison", check::LawStatus::not_applicable)}),
      kernel("exec:run me:now {in} {out}", check::Verdict::mistrusted,
             {law("repeat", check::LawStatus::not_applicable), law("poison", check::LawStatus::held)}),
  };
}

TEST(LawsMarkdown, HasAColumnForEachFamily) {
  const std::string text = laws_markdown(kernels());
  EXPECT_TRUE(contains(text, "| law | lib (3 kernels) | exec:run me:now {in} {out} |\n")) << text;
  EXPECT_TRUE(
      contains(text, "| repeat | **broken** in 7 of 3,000 by c; held by a, b, bitwise in 1 of 2 | n/a |\n"))
      << text;
  EXPECT_TRUE(contains(text, "| poison | held in 2,000; n/a for c | held in 1,000 |\n")) << text;
  EXPECT_TRUE(contains(text, "| poison | lib: a, b | NaN reaches the output (documented: a page) | 6 |\n"))
      << text;
  EXPECT_FALSE(contains(laws_markdown({kernels()[2]}), "Observations that are not defects"));
  EXPECT_EQ(laws_markdown({}), "No kernel is available.\n");
}

TEST(LawsMarkdown, CountsWhatIsTooMuchToName) {
  std::vector<check::KernelReport> many;
  for (const char* name : {"l:a", "l:b", "l:c", "l:d", "l:e", "l:f"})
    many.push_back(kernel(name, check::Verdict::defective, {law("repeat", check::LawStatus::broken)}));
  EXPECT_TRUE(contains(laws_markdown(many), "**broken** in 42 of 6,000 by a, b, c and 3 more |"));
  for (std::size_t i = 1; i < many.size(); ++i) {
    many[i].laws = {law("repeat", check::LawStatus::held)};
    many[i].laws[0].notes = {{"seen", 1}};
  }
  EXPECT_TRUE(contains(laws_markdown(many), "**broken** in 7 of 6,000 by a; held by 5 others |"));
  EXPECT_TRUE(contains(laws_markdown(many), "| repeat | l: b, c, d and 2 more | seen | 5 |"));
  many[0].laws[0].notes = {{"seen", 1}};
  EXPECT_TRUE(contains(laws_markdown(many), "| repeat | l: all 6 | seen | 6 |"));
}

TEST(LawsMarkdown, HasARowForEachLawOfAKernel) {
  const std::string text = kernel_laws_markdown(kernels()[0]);
  EXPECT_TRUE(contains(text, "| repeat | held | 1,000 | yes |  |\n")) << text;
  EXPECT_TRUE(
      contains(text, "| poison | held | 1,000 | - | NaN reaches the output (documented: a page) (3 calls) |"))
      << text;
  EXPECT_TRUE(contains(kernel_laws_markdown(kernels()[2]),
                       "| repeat | **broken** | 7 of 1,000 | - | a \\| reason |"));
}

TEST(VerdictTable, EndsWithHowManyHaveWhichVerdict) {
  std::vector<check::KernelReport> reports = kernels();
  reports[3].mistrust = {"only 3 cases were answered", "every output of every case is 0"};
  const std::string text = verdict_table(reports);
  EXPECT_TRUE(contains(text, "MISTRUSTED   only 3 cases were answered (and 1 more)\n")) << text;
  EXPECT_TRUE(text.ends_with("\n4 kernels: 1 defective, 1 mistrusted, 2 conforming\n")) << text;
  EXPECT_EQ(verdict_table({reports[0]}), "lib:a   CONFORMING\n");
  EXPECT_EQ(verdict_line(reports[3]),
            "MISTRUSTED   only 3 cases were answered; every output of every case is 0");
}

}  // namespace
}  // namespace attest::report
