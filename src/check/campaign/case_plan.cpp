#include "check/campaign/case_plan.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include "check/record/problem_size.hpp"
#include "laws/inputs/scores.hpp"
#include "laws/operation.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::check {
namespace {

constexpr double kPairsLarge = 1 << 17;  // rows * keys up to which laws look at every pair
constexpr double kPairsSmall = 1 << 15;

// Families take turns by their shares, so that no seed starves one.
std::size_t family_of(std::int64_t number) {
  std::int64_t total = 0;
  for (const Family& family : families()) total += family.share;
  // A step that shares no factor with the total mixes the order.
  std::int64_t at = number * 7 % total;
  for (std::size_t i = 0; i < families().size(); ++i) {
    at -= families()[i].share;
    if (at < 0) return i;
  }
  return 0;
}

bool is_of(const Problem& p, const Crossing& crossing) {
  return features_of(p).has(crossing.feature) &&
         shape_classes_of(p.q_len(), p.kv_len()).test(static_cast<std::size_t>(crossing.shape));
}

// A kernel with a compressed cache is given what the cache holds exactly, so that the loss of storing it is
// no error of attention.
Problem as_stored(Problem problem, const std::string& declared) {
  const oracle::ContractSet contract = oracle::contract_for(declared, problem.q.dtype(), problem.k.dtype());
  return stored(std::move(problem), oracle::kv_storage(contract));
}

bool among(const Laws& laws, const laws::Law& law) {
  return std::find(laws.begin(), laws.end(), &law) != laws.end();
}

// Laws without calls of their own cost nothing in addition to the base call. Those that prepare a problem
// meet one by chance in the lattice only.
bool takes_part(Draw& draw, const laws::Law& law, double share, double pairs, bool lattice) {
  if (law.calls == nullptr && law.prepare == nullptr) return true;
  if (law.prepare != nullptr)
    return lattice && pairs <= kPairsSmall && law.meets_lattice && law.share > laws::kCostlyShare;
  if (law.share == 1) return pairs <= kPairsLarge;
  return draw.chance(pairs <= kPairsSmall ? share : share / 6);
}

// Laws that prepare their own problem.
double prepared_share(const laws::Law& law) { return law.share == 1 ? 0.15 : law.share; }

bool is_taken(const Region* region, const Problem& problem) {
  return region == nullptr || region->admits(outline_of(problem));
}

void plan_laws(Draw& draw, const Laws& scarce, const GenContext& context, CasePlan& plan) {
  const Region* region = context.region.get();
  const std::string& declared = context.contract;
  const double pairs = pairs_of(plan.problem);
  const bool lattice = plan.family == index_of(FamilyId::lattice);
  for (const laws::Law& law : laws::forward_operation().laws()) {
    const bool more = among(scarce, law);
    if (takes_part(draw, law, more ? 1 : law.share, pairs, lattice)) plan.laws.push_back(&law);
    const std::uint64_t law_seed = draw.bits();
    if (law.prepare == nullptr || pairs > kPairsSmall || !draw.chance(more ? 1 : prepared_share(law)))
      continue;
    auto prepared = law.prepare(plan.problem, law_seed);
    if (!prepared) continue;
    prepared = as_stored(*std::move(prepared), declared);
    if (is_taken(region, *prepared))
      plan.prepared.push_back({&law, std::move(*prepared)});
    else
      ++plan.left_out;
  }
}

CasePlan plan_from(rc::Random random, std::size_t family, const GenContext& context, const Laws& scarce,
                   const Crossing* crossing) {
  Draw draw(random.split());
  CasePlan plan;
  plan.family = family;
  plan.problem = as_stored(problems(families()[family], context)(random).value(), context.contract);
  if (crossing != nullptr) {
    plan.asked = *crossing;
    if (!is_of(plan.problem, *crossing)) return plan;
  }
  plan.placement = !draw.chance(0.5)   ? kernel::Placement::misaligned
                   : draw.chance(0.75) ? kernel::Placement::page_end
                                       : kernel::Placement::page_begin;
  plan_laws(draw, scarce, context, plan);
  return plan;
}

// Exchanges the key of the first row's largest score with its last key. Kernels that pad a tile of scores
// with -inf may lose NaN there: a maximum of NaN and -inf is -inf in some orders.
void put_largest_last(Problem& p) {
  if (p.batch() * p.q_len() == 0) return;
  const std::vector<laws::KeyScore> scores = laws::visible_scores(p, 0, 0, 0);
  if (scores.empty()) return;
  const auto by_score = [](const laws::KeyScore& a, const laws::KeyScore& b) { return a.score < b.score; };
  const std::int64_t largest = std::max_element(scores.begin(), scores.end(), by_score)->key;
  for (Tensor* t : {&p.k, &p.v}) {
    for (std::int64_t c = 0; c < t->dim(3); ++c) {
      const double moved = t->at({0, 0, largest, c});
      t->set({0, 0, largest, c}, t->at({0, 0, scores.back().key, c}));
      t->set({0, 0, scores.back().key, c}, moved);
    }
  }
}

// Inputs share an address in families of typical numbers alone.
bool draws(const Family& family, Feature feature) {
  return feature != Feature::shared_address || family.generic;
}

rc::Random random_of(std::uint64_t seed, std::int64_t number) {
  return rc::Random(mixed(seed) ^ mixed(static_cast<std::uint64_t>(number) + 0x5eed));
}

}  // namespace

CasePlan plan_case(std::uint64_t seed, std::int64_t number, const GenContext& context, const Laws& scarce) {
  return plan_from(random_of(seed, number), family_of(number), context, scarce, nullptr);
}

CasePlan plan_nan_case(std::uint64_t seed, std::int64_t number, GenContext context, Laws scarce) {
  constexpr int kTried = 4;
  const laws::Law& law = laws::law_of(laws::LawId::nan_propagates);
  if (!among(scarce, law)) scarce.push_back(&law);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (is_option(static_cast<Feature>(f))) context.set(static_cast<Feature>(f), 0);
  }
  context.known_share = context.plain = 0;
  context.alone = 1;
  // Room for 16 channels or more: fewer than a vector has turn the same paths off.
  context.usual_work = std::max(context.usual_work, 1e6);
  rc::Random random = random_of(seed, number);
  CasePlan plan;
  for (int tried = 0; tried < kTried; ++tried) {
    // Its scores have peaks: of most problems one key has nearly all of a row's weight.
    plan = plan_from(random.split(), index_of(FamilyId::scores), context, scarce, nullptr);
    const Problem& p = plan.problem;
    const auto contract = oracle::contract_for(context.contract, p.q.dtype(), p.k.dtype());
    if (!law.why_not(p, contract).empty()) continue;
    put_largest_last(plan.problem);
    break;
  }
  return plan;
}

std::optional<CasePlan> plan_case_of(const Crossing& crossing, std::uint64_t seed, std::int64_t number,
                                     const GenContext& context, const Laws& scarce) {
  rc::Random random = random_of(seed, number);
  const std::size_t first = family_of(number);
  constexpr std::size_t kTried = 3;
  std::size_t tried = 0;
  for (std::size_t i = 0; i < families().size() && tried < kTried; ++i) {
    const std::size_t family = (first + i) % families().size();
    if (!draws(families()[family], crossing.feature)) continue;
    ++tried;
    CasePlan plan = plan_from(random.split(), family, context, scarce, &crossing);
    if (is_of(plan.problem, crossing)) return plan;
  }
  return std::nullopt;
}

}  // namespace attest::check
