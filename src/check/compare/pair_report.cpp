#include "check/compare/pair_report.hpp"

#include <fmt/format.h>

namespace attest::check {
namespace {

void add_reasons(const KernelReport& kernel, std::vector<std::string>& why) {
  const auto add = [&](const std::string& reason) {
    why.push_back(fmt::format("{} is {}: {}", kernel.info.name, name_of(kernel.verdict), reason));
  };
  for (const std::string& reason : kernel.alarm.suspicions) add(reason);
  if (kernel.inferred && kernel.inferred->kind == RelaxationClass::narrower)
    add(fmt::format("its arithmetic is narrower than it declares: {}", kernel.inferred->text));
  if (kernel.verdict != Verdict::mistrusted) return;
  for (const std::string& reason : kernel.mistrust) add(reason);
}

}  // namespace

std::string_view name_of(PairVerdict verdict) {
  switch (verdict) {
    case PairVerdict::equal_bits:
      return "equal bits";
    case PairVerdict::equivalent:
      return "equivalent";
    case PairVerdict::one_wrong:
      return "one is wrong";
    case PairVerdict::both_wrong:
      return "both are wrong";
    case PairVerdict::cannot_tell:
      return "cannot be told";
  }
  return "";
}

std::string_view name_of(OtherAnswer::Kind kind) {
  switch (kind) {
    case OtherAnswer::Kind::right:
      return "right";
    case OtherAnswer::Kind::wrong:
      return "wrong";
    case OtherAnswer::Kind::declines:
      return "declines";
    case OtherAnswer::Kind::no_result:
      return "no result";
  }
  return "";
}

void settle_verdict(PairReport& report) {
  report.why.clear();
  if (report.wrong(0) || report.wrong(1)) {
    report.verdict = report.wrong(0) && report.wrong(1) ? PairVerdict::both_wrong : PairVerdict::one_wrong;
    return;
  }
  const Differences& all = report.differences.all();
  if (all.outputs == 0) report.why.emplace_back("no output of both was compared");
  for (const KernelReport& kernel : report.kernels) {
    if (kernel.verdict != Verdict::conforming) add_reasons(kernel, report.why);
  }
  report.verdict = !report.why.empty()        ? PairVerdict::cannot_tell
                   : all.equal == all.outputs ? PairVerdict::equal_bits
                                              : PairVerdict::equivalent;
}

}  // namespace attest::check
