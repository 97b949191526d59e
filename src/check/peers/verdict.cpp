#include "check/peers/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "check/peers/problems.hpp"

namespace attest::check {
namespace {

// The reference in the type that the suite holds it in: that of the outputs.
std::vector<double> rounded(std::vector<double> values, DType type) {
  for (double& x : values) x = representable(type, x);
  return values;
}

double mean_error(const std::vector<double>& got, const std::vector<double>& reference) {
  double sum = 0;
  for (std::size_t at = 0; at < got.size(); ++at) sum += std::fabs(got[at] - reference[at]);
  return sum / static_cast<double>(got.size());
}

bool close(const std::vector<double>& got, const std::vector<double>& reference, const PeerLimits& limits) {
  for (std::size_t at = 0; at < got.size(); ++at) {
    const double most = limits.atol + limits.rtol * std::fabs(reference[at]);
    if (!(std::fabs(got[at] - reference[at]) <= most)) return false;
  }
  return true;
}

double normalised_mean_square(const std::vector<double>& got, const std::vector<double>& reference) {
  double errors = 0, squares = 0;
  for (std::size_t at = 0; at < got.size(); ++at) {
    errors += (got[at] - reference[at]) * (got[at] - reference[at]);
    squares += reference[at] * reference[at];
  }
  return errors / squares;
}

// max |x + 0.3 - 0.3 - x|, each operation rounded to the type.
double noise_of_adding(const std::vector<double>& reference, DType type) {
  constexpr double kAdded = 0.3;
  double most = 0;
  for (const double x : reference) {
    const double there = representable(type, x + representable(type, kAdded));
    const double back = representable(type, there - representable(type, kAdded));
    most = std::max(most, std::fabs(representable(type, back - x)));
  }
  return most;
}

}  // namespace

bool asks_for_unfused(PeerTest test) {
  return test == PeerTest::twice_unfused || test == PeerTest::twice_unfused_and_rounding ||
         test == PeerTest::four_unfused;
}

PeerReference peer_reference(const PeerRule& rule, const Problem& problem) {
  PeerReference reference;
  reference.exact = unfused_outputs(problem, DType::f64);
  if (asks_for_unfused(rule.test)) reference.unfused = unfused_outputs(problem, problem.q.dtype());
  return reference;
}

double largest_error(const std::vector<double>& got, const std::vector<double>& exact) {
  double most = 0;
  for (std::size_t at = 0; at < got.size(); ++at) {
    const double error = std::fabs(got[at] - exact[at]);
    if (std::isnan(error)) return error;
    most = std::max(most, error);
  }
  return most;
}

bool accepts(const PeerRule& rule, const Problem& problem, const PeerReference& reference,
             const std::vector<double>& got) {
  const DType type = problem.q.dtype();
  const PeerLimits& limits = rule.limits(type).value();
  const std::vector<double> held = rounded(reference.exact, type);
  switch (rule.test) {
    case PeerTest::close:
      return close(got, held, limits);
    case PeerTest::twice_unfused:
      return largest_error(got, held) <= 2 * largest_error(reference.unfused, held);
    case PeerTest::twice_unfused_and_rounding:
      return largest_error(got, held) <=
             (problem.softcap != 0 ? 3 : 2) * largest_error(reference.unfused, held) +
                 2 * noise_of_adding(held, type);
    case PeerTest::four_unfused:
      return largest_error(got, reference.exact) <=
             std::max(limits.atol, 4 * largest_error(reference.unfused, reference.exact));
    case PeerTest::mean_square:
      return normalised_mean_square(got, reference.exact) <= limits.atol;
    case PeerTest::max_and_mean:
      return largest_error(got, held) < limits.atol && mean_error(got, held) < limits.rtol;
    case PeerTest::envelope:
      return largest_error(got, reference.exact) <= limits.atol * reference.envelope;
  }
  return false;
}

}  // namespace attest::check
