#include "page_sample.hpp"

#include <utility>

namespace attest::test {
namespace {

check::LawReport law(const std::string& name, check::LawStatus status, const std::string& why = "") {
  check::LawReport report;
  report.name = name;
  report.status = status;
  report.why = why;
  report.cases = status == check::LawStatus::not_applicable ? 0 : 1200;
  report.broken = status == check::LawStatus::broken ? 7 : 0;
  return report;
}

}  // namespace

std::string hostile_words() {
  return "</style></td><script>alert(1)</script>\" onclick='x()' &amp; <img src=http://x/> "
         "\x01\xff\xe2\x80\xae end";
}

check::Finding two_row_finding() {
  check::Finding f;
  f.law = "definition";
  f.laws = {"definition", hostile_words()};
  f.summary = "is wrong: " + hostile_words();
  Problem& p = f.problem;
  p.causal = Causal::bottom_right;
  p.q = Tensor(DType::f32, {1, 1, 2, 1});
  p.k = p.v = Tensor(DType::f32, {1, 1, 3, 1});
  p.q.assign({1, 2});
  p.k.assign({0, 0, 5});
  p.v.assign({1, 2, 4});
  oracle::Element wrong;
  wrong.expected = 1.5;
  wrong.got = 7;
  wrong.bound = 1e-6;
  wrong.ratio = 5.5e6;
  f.elements = {wrong};
  Result result{Tensor(DType::f32, {1, 1, 2, 1}), std::nullopt};
  result.out.assign({7, 3.75});
  f.result = check::SmallestResult{std::move(result), {wrong}};
  f.form = "3D; " + hostile_words();
  f.file = "findings/" + hostile_words() + "-1.json";
  f.printed = {hostile_words()};
  return f;
}

std::vector<check::KernelReport> hostile_reports() {
  check::KernelReport bad;
  bad.info.name = "./" + hostile_words() + ".so";
  bad.info.version = hostile_words();
  bad.verdict = check::Verdict::defective;
  bad.contract = hostile_words();
  bad.cases = 600;
  bad.outputs = bad.informative = 1000;
  bad.max_bound_ratio = 5.5e6;
  for (const double ratio : {0.0, 0.01, 0.02, 0.3, 0.6, 5.5e6}) bad.ratios.add(ratio);
  oracle::RatiosByLength lengths;
  for (const std::int64_t keys : {1, 3, 100, 70000}) lengths.add(keys, 0.1);
  lengths.add(4, 5.5e6);
  add_lengths(bad, DType::f32, lengths);
  add_lengths(bad, DType::f16, lengths);
  bad.laws = {law("definition", check::LawStatus::broken, hostile_words()),
              law("lse", check::LawStatus::not_applicable, hostile_words()),
              law("causality", check::LawStatus::held)};
  bad.laws.back().bitwise = true;
  bad.laws.back().notes = {{hostile_words(), 3}};
  bad.region.calls = 9;
  bad.region.not_examined = {hostile_words()};
  bad.region.forms = {{.name = "3D; " + hostile_words(), .answered = 2},
                      {.name = "3D; mask", .declined = 1, .why_declined = hostile_words()}};
  bad.findings = {two_row_finding()};
  check::KernelReport same = bad;
  same.same_bits_as = bad.info.name;
  same.info.name = "b:" + hostile_words();
  check::KernelReport good;
  good.info.name = "good";
  good.verdict = check::Verdict::conforming;
  good.laws = {law("causality", check::LawStatus::held)};
  return {bad, same, good};
}

}  // namespace attest::test
