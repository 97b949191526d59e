#include "noise/trial.hpp"

#include <cmath>
#include <sstream>

#include <fmt/format.h>

namespace attest::attack {
namespace {

constexpr std::array<oracle::Bias, 3> kBiases{oracle::Bias::out, oracle::Bias::outward, oracle::Bias::lse};
constexpr oracle::RowSample kRows{16, 1};
constexpr int kManyKeys = 4096;

CaseSpec generic_case(Chooser& chooser, const oracle::Contract& contract, const TrialKernel& kernel) {
  CaseSpec spec = choose_case(chooser, contract, narrow_dtype_of(contract), Size::few_keys);
  spec.layout = Layout::gaussian;
  spec.values = Values::gaussian;
  spec.score_exponent = chooser.pick(-3, 1);
  spec.kv_len = chooser.chance(20) ? chooser.pick(129, 400) : chooser.pick(8, 128);
  spec.qk_dim = chooser.pick(4, 64);
  spec.v_dim = chooser.pick(8, 32);
  spec.q_len = chooser.pick(2, 6);
  spec.strategy.style = chooser.chance(50) ? Style::natural : Style::jittered;
  // Off by a share of the declared error, but not always towards one target: the adversary does that.
  spec.strategy.function_error = spec.strategy.style == Style::natural && kernel.function_side == 0 ? 0 : 1;
  spec.strategy.function_side = kernel.function_side;
  if (!kernel.drops_a_key) return spec;
  spec.kv_len = kManyKeys;
  spec.qk_dim = spec.v_dim = 8;
  spec.q_len = 2;
  spec.batch = spec.kv_heads = spec.group = 1;
  spec.causal = 0;
  spec.window_left = spec.window_right = -1;
  spec.mask = spec.bias = spec.alibi = spec.kv_lens = false;
  spec.scale = 0;
  return spec;
}

// What the faulty kernel takes the problem for.
Problem misread(Problem problem, const TrialKernel& kernel) {
  problem.scale *= 1 + kernel.scale_error;
  if (!kernel.drops_a_key) return problem;
  problem.mask = Tensor(DType::u8, {1, 1, problem.q_len(), problem.kv_len()});
  for (std::int64_t i = 0; i < problem.q_len(); ++i) {
    for (std::int64_t j = 0; j < problem.kv_len(); ++j)
      problem.mask->set({0, 0, i, j}, j == problem.kv_len() / 2 ? 0 : 1);
  }
  return problem;
}

// A shift that lags so far lets a dozen weights leave the range, so that nothing has a bound.
bool sums_overflow(const oracle::Contract& contract) {
  return 12 * std::exp(contract.tau) >
         std::min(contract.denominator.format.max_finite(), contract.probability.max_finite());
}

std::string moment(std::int64_t after) { return after < 0 ? "-" : fmt::format("{}", after); }

}  // namespace

std::vector<TrialKernel> correct_kernels() {
  std::vector<TrialKernel> kernels;
  for (const std::string_view preset : oracle::contract_presets()) {
    TrialKernel kernel;
    kernel.name = kernel.kept = kernel.claimed = std::string(preset);
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}

std::vector<TrialKernel> unusual_kernels() {
  std::vector<TrialKernel> kernels;
  for (const TrialKernel& preset : correct_kernels()) {
    for (const int side : {1, -1}) {
      TrialKernel kernel = preset;
      kernel.name += side > 0 ? ", functions high" : ", functions low";
      kernel.function_side = side;
      kernels.push_back(std::move(kernel));
    }
  }
  // An f32 kernel over narrower products: q loses more than all else.
  std::vector<std::string> contracts{"f32;q_conversion=f16", "f32;q_conversion=bf16"};
  contracts.insert(contracts.end(), attacked_overrides().begin(), attacked_overrides().end());
  for (const std::string& contract : contracts) {
    if (sums_overflow(oracle::parse_contract(contract))) continue;
    TrialKernel kernel;
    kernel.name = kernel.kept = kernel.claimed = contract;
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}

double Reading::rms() const {
  return alarm.outputs() == 0 ? 0 : std::sqrt(squares / static_cast<double>(alarm.outputs()));
}

bool Reading::single_rings() const {
  return alarm.largest() && alarm.largest()->sigmas > alarm.output_threshold();
}

bool Reading::bias_rings() const {
  return std::any_of(kBiases.begin(), kBiases.end(), [&](oracle::Bias of) {
    return std::fabs(alarm.bias(of)) > oracle::Alarm::bias_threshold();
  });
}

Reading read(const TrialKernel& kernel, int problems, std::uint64_t seed) {
  const oracle::Contract kept = oracle::parse_contract(kernel.kept);
  const oracle::ContractSet claimed = only(oracle::parse_contract(kernel.claimed));
  StreamChooser chooser(seed);
  Reading reading;
  for (int i = 0; i < problems; ++i) {
    const CaseSpec spec = generic_case(chooser, kept, kernel);
    const Problem problem = make_problem(spec);
    const Result result = emulate(misread(problem, kernel), kept, spec.strategy, kernel.fault);
    const oracle::NoiseTally tally = oracle::measure_noise(problem, result, claimed, kRows);
    std::ostringstream where;
    where << "problem " << i << ": " << spec;
    reading.alarm.add(tally, where.str());
    reading.squares += tally.squares;
    const auto first = [&](std::int64_t& after, bool rings) {
      if (after < 0 && rings) after = reading.alarm.outputs();
    };
    first(reading.single_after, reading.single_rings());
    first(reading.bias_after, reading.bias_rings());
    if (kernel.correct()) continue;
    const oracle::Judgement judgement = oracle::judge(problem, result, claimed, {.max_violations = 1});
    reading.judged += judgement.out.total() + judgement.lse.total();
    reading.violated += judgement.out.violated + judgement.lse.violated;
  }
  return reading;
}

std::string largest_text(const Reading& reading) {
  const std::optional<oracle::Deviation>& d = reading.alarm.largest();
  if (!d) return "nothing was measured";
  return fmt::format("{:.3g} sigmas: {} b {}, h {}, i {}, c {} = {:.17g}, not {:.17g}, in {}", d->sigmas,
                     d->channel < 0 ? "lse" : "out", d->b, d->h, d->i, d->channel, d->got, d->expected,
                     reading.alarm.largest_where());
}

std::string table_header() {
  return "| kernel | outputs | rms | largest (alarm) | bias out, outward, lse | single rings at | bias rings "
         "at "
         "| beyond the bound |\n|---|---|---|---|---|---|---|---|\n";
}

std::string table_row(const TrialKernel& kernel, const Reading& r) {
  return fmt::format("| {} | {} | {:.3g} | {:.3g} ({:.1f}) | {:.1f}, {:.1f}, {:.1f} | {} | {} | {} |",
                     kernel.name, r.alarm.outputs(), r.rms(),
                     r.alarm.largest() ? r.alarm.largest()->sigmas : 0, r.alarm.output_threshold(),
                     r.alarm.bias(oracle::Bias::out), r.alarm.bias(oracle::Bias::outward),
                     r.alarm.bias(oracle::Bias::lse), moment(r.single_after), moment(r.bias_after),
                     kernel.correct() ? "" : fmt::format("{} of {}", r.violated, r.judged));
}

}  // namespace attest::attack
