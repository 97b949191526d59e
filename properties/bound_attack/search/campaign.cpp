#include "bound_attack/search/campaign.hpp"

#include <array>
#include <cstdlib>
#include <sstream>

namespace attest::attack {
namespace {

constexpr std::size_t kKeptViolations = 4;

std::string describe_violation(const CaseSpec& spec, const oracle::Element& e) {
  std::ostringstream text;
  text.precision(17);
  text << "ratio " << e.ratio << (e.in(Output::lse) ? " (lse)" : "") << " at b" << e.b << " h" << e.h << " i"
       << e.i << " c" << e.channel << ": got " << e.got << ", expected " << e.expected << ", bound "
       << e.bound << " | " << spec;
  return text.str();
}

void raise(Peak& peak, const oracle::Tally& tally, const CaseSpec& spec) {
  if (tally.ratios.max() <= peak.ratio) return;
  peak.ratio = tally.ratios.max();
  peak.spec = spec;
}

oracle::Judgement judged(const Attack& attack, const oracle::ContractSet& claimed) {
  return oracle::judge(attack.problem, attack.result, claimed, {.max_violations = kKeptViolations});
}

void keep_higher(Peak& peak, const Peak& other) {
  if (other.ratio > peak.ratio) peak = other;
}

void merge(Figures& into, const Figures& other) {
  into.cases += other.cases;
  into.out.merge(other.out);
  into.lse.merge(other.lse);
  into.hull.merge(other.hull);
  keep_higher(into.out_peak, other.out_peak);
  keep_higher(into.lse_peak, other.lse_peak);
  keep_higher(into.out_natural_peak, other.out_natural_peak);
  keep_higher(into.lse_natural_peak, other.lse_natural_peak);
  for (const std::string& violation : other.violations) {
    if (into.violations.size() < kKeptViolations) into.violations.push_back(violation);
  }
}

// Every twentieth case has many keys.
Size size_of_case(int i) { return i % 20 == 19 ? Size::many_keys : Size::few_keys; }

}  // namespace

Attack emulate_case(const CaseSpec& spec, const oracle::Contract& kept, Fault fault) {
  Problem problem = make_problem(spec);
  Result result = emulate(problem, kept, spec.strategy, fault);
  return {std::move(problem), std::move(result)};
}

oracle::ContractSet only(const oracle::Contract& contract) { return {contract.text, {contract}, true}; }

DType narrow_dtype_of(const oracle::Contract& contract) {
  const std::string preset = contract.text.substr(0, contract.text.find(';'));
  const std::array<std::pair<std::string, DType>, 4> endings{
      {{"f64", DType::f64}, {"f32", DType::f32}, {"bf16", DType::bf16}, {"f16", DType::f16}}};
  for (const auto& [ending, dtype] : endings) {
    if (preset.ends_with(ending)) return dtype;
  }
  return DType::f32;
}

oracle::Judgement attack_once(const CaseSpec& spec, const oracle::Contract& kept,
                              const oracle::ContractSet& claimed, Fault fault) {
  const Attack attack = emulate_case(spec, kept, fault);
  return judged(attack, claimed);
}

Figures attack_contract(const oracle::Contract& contract, int few, int many, std::uint64_t seed) {
  Figures figures;
  figures.contract = contract.text;
  const oracle::ContractSet claimed = only(contract);
  const DType narrow = narrow_dtype_of(contract);
  StreamChooser chooser(seed);
  for (int i = 0; i < few + many; ++i) {
    const CaseSpec spec = choose_case(chooser, contract, narrow, i < few ? Size::few_keys : Size::many_keys);
    const Attack attack = emulate_case(spec, contract);
    const oracle::Judgement judgement = judged(attack, claimed);
    figures.hull.merge(hull_ratio(attack.problem, attack.result, claimed));
    raise(figures.out_peak, judgement.out, spec);
    raise(figures.lse_peak, judgement.lse, spec);
    if (spec.strategy.style == Style::natural) {
      raise(figures.out_natural_peak, judgement.out, spec);
      raise(figures.lse_natural_peak, judgement.lse, spec);
    }
    figures.out.merge(judgement.out);
    figures.lse.merge(judgement.lse);
    ++figures.cases;
    for (const oracle::Element& e : judgement.violations) {
      if (figures.violations.size() < kKeptViolations)
        figures.violations.push_back(describe_violation(spec, e));
    }
  }
  return figures;
}

Figures attack_until(const oracle::Contract& contract, int few, int many, std::int64_t outputs,
                     std::uint64_t seed) {
  Figures figures = attack_contract(contract, few, many, seed);
  while (figures.out.total() < outputs) merge(figures, attack_contract(contract, few, many, ++seed));
  return figures;
}

Detection detect(const Twin& twin, int budget, std::uint64_t seed) {
  const oracle::Contract kept = oracle::parse_contract(twin.kept);
  const oracle::ContractSet claimed = only(oracle::parse_contract(twin.claimed));
  StreamChooser chooser(seed);
  Detection detection;
  for (int i = 0; i < budget; ++i) {
    const CaseSpec spec =
        choose_case(chooser, kept, narrow_dtype_of(kept), twin.many_keys ? Size::many_keys : size_of_case(i));
    const oracle::Judgement judgement = attack_once(spec, kept, claimed, twin.fault);
    detection.ratio = std::max(detection.ratio, judgement.worst.ratio);
    if (!judgement.violated()) continue;
    detection.case_number = i;
    break;
  }
  return detection;
}

double effort() {
  const char* text = std::getenv("ATTEST_EFFORT");
  const double factor = text == nullptr ? 1 : std::strtod(text, nullptr);
  return factor > 0 ? factor : 1;
}

}  // namespace attest::attack
