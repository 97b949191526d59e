// Hill climb: change one number of the inputs or one choice of the strategy, keep what comes nearer the
// bound.
#include <algorithm>
#include <array>
#include <cmath>

#include "bound_attack/search/campaign.hpp"

namespace attest::attack {
namespace {

class Climber {
 public:
  Climber(Figures& figures, const oracle::Contract& contract, std::uint64_t seed)
      : figures_(figures), contract_(contract), claimed_(only(contract)), random_(seed) {}

  void run(Peak& peak, bool lse, bool natural, int steps) {
    if (peak.ratio <= 0) return;
    const CaseSpec& start = peak.spec;
    Problem problem = make_problem(start);
    Strategy strategy = start.strategy;
    double best = ratio(problem, strategy, lse);
    for (int step = 0; step < steps; ++step) {
      Problem next = problem;
      Strategy next_strategy = strategy;
      const bool plan = random_.below(6) == 0;
      if (plan)
        change(next_strategy, natural);
      else
        change_inputs(next);
      if (!why_invalid(next).empty()) continue;
      const double reached = ratio(next, next_strategy, lse);
      if (reached < best) continue;
      best = reached;
      problem = std::move(next);
      strategy = next_strategy;
    }
    peak.climbed = best;
  }

 private:
  double ratio(const Problem& problem, const Strategy& strategy, bool lse) {
    const oracle::Judgement j =
        oracle::judge(problem, emulate(problem, contract_, strategy), claimed_, {.max_violations = 1});
    figures_.out.merge(j.out);
    figures_.lse.merge(j.lse);
    if (j.violated() && figures_.violations.size() < 4) {
      const oracle::Element& e = j.violations.front();
      figures_.violations.push_back("climbed to ratio " + std::to_string(e.ratio) +
                                    (e.in(Output::lse) ? " (lse)" : " (out)") +
                                    ", from a peak of the random attack");
    }
    return lse ? j.lse.ratios.max() : j.out.ratios.max();
  }

  void change(Strategy& s, bool natural) {
    switch (random_.below(natural ? 3 : 4)) {
      case 0:
        s.direction = -s.direction;
        break;
      case 1:
        s.seed = random_.below(1'000'000);
        break;
      case 2:
        s.fused_multiply_add = !s.fused_multiply_add;
        break;
      default:
        s.style = s.style == Style::steered ? Style::natural : Style::steered;
    }
  }

  void change_inputs(Problem& p) {
    const std::array<Tensor*, 5> tensors{&p.q, &p.k, &p.v, p.bias ? &*p.bias : nullptr,
                                         p.sink ? &*p.sink : nullptr};
    Tensor* tensor = tensors.at(random_.below(tensors.size()));
    if (tensor == nullptr || tensor->count() == 0) tensor = &p.v;
    std::vector<double> values = tensor->values();
    const std::size_t changes = 1 + random_.below(2);
    for (std::size_t i = 0; i < changes; ++i) {
      double& x = values.at(random_.below(values.size()));
      if (std::isfinite(x)) x = changed(x, format_of(tensor->dtype()));
    }
    tensor->assign(values);
  }

  double changed(double x, const Format& format) {
    double y = 0;
    switch (random_.below(5)) {
      case 0:
        y = x * (1 + random_.normal() * format.unit_roundoff() * 4);
        break;
      case 1:
        y = x * (1 + 0.3 * random_.normal());
        break;
      case 2:
        y = x * (random_.flip() ? 2 : 0.5);
        break;
      case 3:
        y = -x;
        break;
      default:
        y = random_.normal();
    }
    return std::clamp(y, -format.max_finite(), format.max_finite());
  }

  Figures& figures_;
  const oracle::Contract& contract_;
  oracle::ContractSet claimed_;
  Random random_;
};

}  // namespace

void climb(Figures& figures, const oracle::Contract& contract, int steps, std::uint64_t seed) {
  Climber climber(figures, contract, seed);
  climber.run(figures.out_peak, false, false, steps);
  climber.run(figures.lse_peak, true, false, steps);
  climber.run(figures.out_natural_peak, false, true, steps);
  climber.run(figures.lse_natural_peak, true, true, steps);
}

}  // namespace attest::attack
