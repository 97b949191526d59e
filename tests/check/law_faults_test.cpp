// Every law catches a fault of its own with every other law switched off, on a small case, and holds on a
// correct kernel.

#include <cmath>
#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "check/generate/families.hpp"
#include "check/shrink/shrink_greedily.hpp"
#include "laws/evaluate.hpp"
#include "oracle/definition/visible.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using test::Fault;

GenContext context() {
  GenContext c;
  c.large_share = 0;
  c.usual_work = 3e3;
  return c;
}

// The problem itself, or one that the law prepares from it; none when the law says nothing about either.
std::optional<Problem> subject_of(const laws::Law& law, const Problem& p, std::uint64_t seed) {
  const oracle::ContractSet contract = oracle::contract_for("", p.q.dtype(), p.k.dtype());
  if (law.why_not(p, contract).empty()) return p;
  if (law.prepare == nullptr) return std::nullopt;
  std::optional<Problem> prepared = law.prepare(p, seed);
  if (!prepared || !law.why_not(*prepared, contract).empty()) return std::nullopt;
  return prepared;
}

laws::LawOutcome put(const laws::Law& law, kernel::Kernel& kernel, const Problem& p) {
  const oracle::ContractSet contract = oracle::contract_for("", p.q.dtype(), p.k.dtype());
  laws::Subject subject(kernel, p, contract, {});
  return laws::evaluate(law, subject);
}

void scale_outputs(kernel::RunOutcome& outcome, double factor) {
  std::vector<double> values = outcome.result.out.values();
  for (double& x : values) x *= factor;
  outcome.result.out.assign(values);
}

using After = std::function<void(const Problem&, kernel::RunOutcome&)>;

// A correct kernel, but for 1 % on problems of one kind.
After off_when(bool (*condition)(const Problem&)) {
  return [condition](const Problem& p, kernel::RunOutcome& outcome) {
    if (outcome.status == kernel::RunStatus::ok && condition(p)) scale_outputs(outcome, 1.01);
  };
}

// The values of keys past kv_lens take part with the weight 0.
void add_padding(const Problem& p, kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok) return;
  double added = 0;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t j = oracle::keys_of(p, b); j < p.kv_len(); ++j) added += 0 * p.v.at({b, 0, j, 0});
  }
  std::vector<double> values = outcome.result.out.values();
  for (double& x : values) x += added;
  outcome.result.out.assign(values);
}

// out = f(out) element by element.
template <class Function>
After mapped(Function f) {
  return [f](const Problem&, kernel::RunOutcome& outcome) {
    if (outcome.status != kernel::RunStatus::ok) return;
    std::vector<double> values = outcome.result.out.values();
    for (double& x : values) x = f(x);
    outcome.result.out.assign(values);
  };
}

void mix_channels(const Problem& p, kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok || p.v_dim() < 2 || p.q.count() == 0) return;
  Tensor& out = outcome.result.out;
  out.set({0, 0, 0, 0}, out.at({0, 0, 0, 0}) + 0.25 * out.at({0, 0, 0, p.v_dim() - 1}));
}

void spoil_second_batch(const Problem& p, kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok || p.batch() < 2 || p.q.count() == 0) return;
  for (std::int64_t c = 0; c < p.v_dim(); ++c) outcome.result.out.set({1, 0, 0, c}, 50);
}

void leak_a_little(const Problem&, kernel::RunOutcome& outcome) {
  static std::uint64_t bytes = 0;
  outcome.held = kernel::Held{};
  outcome.held->heap_bytes = bytes += 24;
}

bool has_zero_value(const Problem& p) {
  const std::vector<double> v = p.v.values();
  return std::count(v.begin(), v.end(), 0.0) > 0;
}

// The first two keys are the same: a kernel that drops duplicates.
bool repeats_a_key(const Problem& p) {
  if (p.batch() * p.kv_heads() == 0 || p.kv_len() < 2) return false;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    if (p.k.at({0, 0, 0, c}) != p.k.at({0, 0, 1, c})) return false;
  }
  return p.v.at({0, 0, 0, 0}) == p.v.at({0, 0, 1, 0});
}

struct Case {
  const char* law;
  Fault fault = Fault::none;
  After after = {};            ///< of a correct kernel's answer
  std::int64_t most_keys = 3;  ///< of the smallest case
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.law; }

std::unique_ptr<kernel::Kernel> kernel_of(const Case& c) {
  if (!c.after) return test::plain_kernel(c.fault);
  auto kernel = std::make_unique<test::ScriptedKernel>(
      [](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel->after = c.after;
  return kernel;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> list{
      {"definition", Fault::softcap_ignored},
      {"blocks", Fault::none,
       off_when([](const Problem& p) { return p.kv_len() >= 17 && p.kv_lens.has_value(); })},
      {"decode = prefill", Fault::none, off_when([](const Problem& p) { return p.q_len() == 1; })},
      {"prefix", Fault::none, off_when([](const Problem& p) { return p.kv_len() % 2 == 1; })},
      {"masking", Fault::one_key_too_far},
      {"causality", Fault::one_key_too_far},
      {"dominating leak", Fault::one_key_too_far},
      {"poison", Fault::none, add_padding},
      {"NaN propagates", Fault::nan_values_skipped},
      {"spelling", Fault::window_off_by_one},
      {"support probe", Fault::small_penalty},
      {"constant value", Fault::denominator_biased},
      {"range", Fault::rescale_missing, {}, 9},
      {"single key", Fault::last_bit},
      {"uniform", Fault::last_bit},
      {"one-hot gap", Fault::rescale_clamped, {}, 9},
      {"shift", Fault::no_maximum},
      {"duplicate", Fault::none, off_when(repeats_a_key)},
      {"permutation", Fault::key0_dropped},
      {"value scaling", Fault::none, mapped([](double x) { return x + 0x1p-20; })},
      {"value linearity", Fault::none, off_when(has_zero_value)},
      {"channel", Fault::none, mix_channels},
      {"sign", Fault::none, mapped([](double x) { return x < 0 ? x * (1 + 0x1p-10) : x; })},
      {"head map", Fault::head_map},
      {"group = repeat", Fault::none, off_when([](const Problem& p) { return p.q_heads() != p.kv_heads(); })},
      {"layout", Fault::none, off_when([](const Problem& p) { return !p.k.contiguous(); })},
      {"repeat", Fault::keeps_state},
      {"history", Fault::keeps_state},
      {"batch invariance", Fault::none, spoil_second_batch},
      {"thread invariance", Fault::two_threads},
      {"empty", Fault::nan_on_empty},
      {"lse", Fault::lse_base2},
      {"environment", Fault::mxcsr_left},
      {"leak", Fault::none, leak_a_little},
  };
  return list;
}

class LawFault : public testing::TestWithParam<Case> {};

TEST_P(LawFault, IsCaughtByTheLawAloneOnASmallCase) {
  const Case& c = GetParam();
  const laws::Law& law = *laws::find_law(c.law);
  const std::unique_ptr<kernel::Kernel> kernel = kernel_of(c);
  const auto generate = any_problem(context());
  const auto breaks = [&](const Problem& p) {
    return put(law, *kernel, p).standing == laws::LawStanding::broken;
  };
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::optional<Problem> p = subject_of(law, generate(rc::Random(seed)).value(), seed);
    if (!p || !breaks(*p)) continue;
    const ShrinkResult shrunk =
        shrink_greedily(shrinkable(*p), breaks, {600, std::chrono::milliseconds{20'000}});
    const laws::LawOutcome outcome = put(law, *kernel, shrunk.smallest);
    ASSERT_EQ(outcome.standing, laws::LawStanding::broken);
    EXPECT_FALSE(outcome.breach->summary.empty());
    EXPECT_LE(shrunk.smallest.kv_len(), c.most_keys)
        << outcome.breach->summary << " " << describe(shrunk.smallest);
    EXPECT_LE(shrunk.smallest.qk_dim() * shrunk.smallest.v_dim(), 2) << describe(shrunk.smallest);
    return;
  }
  FAIL() << "no case broke it";
}

INSTANTIATE_TEST_SUITE_P(Laws, LawFault, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& tested) {
                           std::string name;
                           for (const char ch : std::string(tested.param.law))
                             if (std::isalnum(static_cast<unsigned char>(ch)) != 0) name += ch;
                           return name;
                         });

TEST(Laws, EachHasAFault) {
  ASSERT_EQ(cases().size(), laws::kernel_laws().size());
  for (std::size_t i = 0; i < cases().size(); ++i) EXPECT_EQ(cases()[i].law, laws::kernel_laws()[i].name);
}

TEST(Laws, HoldOnACorrectKernel) {
  const std::unique_ptr<kernel::Kernel> kernel = test::plain_kernel(Fault::none);
  const auto generate = any_problem(context());
  for (const laws::Law& law : laws::kernel_laws()) {
    std::int64_t held = 0;
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
      const std::optional<Problem> p = subject_of(law, generate(rc::Random(seed)).value(), seed);
      if (!p) continue;
      const laws::LawOutcome outcome = put(law, *kernel, *p);
      EXPECT_NE(outcome.standing, laws::LawStanding::broken)
          << law.name << ": " << outcome.breach->summary << " " << describe(*p);
      held += outcome.standing == laws::LawStanding::held ? 1 : 0;
    }
    EXPECT_GE(held, 5) << law.name;
  }
}

}  // namespace
}  // namespace attest::check
