// The exponential, P, and what the weights are relative to.

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "check/infer/probe.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {
namespace {

// What f32 results tell of a weight between 0.05 and 1, and f64 results.
constexpr double kFloor = 2e-6;
constexpr double kFloorF64 = 1e-12;
constexpr std::array kGaps{0.21, 0.37, 0.53, 0.71, 0.94, 1.17, 1.33, 1.61, 1.87, 2.04, 2.29, 2.61};

double floor_of(const ProbeKernel& kernel) { return kernel.q() == DType::f64 ? kFloorF64 : kFloor; }

const std::vector<std::vector<double>> kSecondOfTwo{{0, 1}};

// A second of two keys, `gap` below the first, and exp(-gap) as the kernel computes it.
struct SeenWeight {
  double gap = 0, weight = 0;
};

// About this gap; none: no result shows it sharply enough.
std::optional<SeenWeight> weight_of(ProbeKernel& kernel, double about) {
  const auto answer = kernel.ask({0, -about}, kSecondOfTwo);
  if (!answer) return std::nullopt;
  const double gap = -answer->scores.back();
  if (answer->lse) return SeenWeight{gap, std::expm1(*answer->lse)};
  const double out = answer->out.front();
  if (kernel.out_format().precision < kBinary32.precision) return std::nullopt;
  return SeenWeight{gap, out / (1 - out)};
}

// Up to one digit.
double rounded_up(double x) {
  const double digit = std::pow(10.0, std::floor(std::log10(x)));
  return std::ceil(x / digit) * digit;
}

// What the second of two keys adds, where the first has the value -c.
struct Cancelled {
  double weight = 0, c = 0, out = 0;
};

std::optional<Cancelled> cancelled(ProbeKernel& kernel, double gap, const Format& format) {
  const auto posed = kernel.ask({0, -gap}, kSecondOfTwo);
  if (!posed) return std::nullopt;
  const double weight = std::exp(posed->scores.back());
  const double c = round_to(format, weight);
  if (kernel.value(c) != c) return std::nullopt;
  const auto answer = kernel.ask({0, -gap}, {{-c, 1}});
  if (!answer || std::fabs(c / weight - 1) < std::ldexp(1.0, -format.precision - 4)) return std::nullopt;
  return Cancelled{weight, c, answer->out.front()};
}

// How many of the gaps a rounding of P to `format` cancels exactly, and how many it does not touch.
struct Cancellations {
  int asked = 0, rounded = 0, unrounded = 0;
};

Cancellations cancellations(ProbeKernel& kernel, const Format& format) {
  Cancellations seen;
  for (const double gap : kGaps) {
    const auto left = cancelled(kernel, gap, format);
    if (!left) continue;
    ++seen.asked;
    const double expected = (left->weight - left->c) / (1 + left->weight);
    if (left->out == 0) ++seen.rounded;
    if (std::fabs(left->out / expected - 1) < 0.05) ++seen.unrounded;
  }
  return seen;
}

// P in the format of 16-bit values: what is left after the cancellation.
ProbeResult probability_16_bits(ProbeKernel& kernel) {
  for (const Format& format : {format_of(kernel.kv()), kFloat8E4m3, kFloat8E5m2}) {
    const Cancellations seen = cancellations(kernel, format);
    if (seen.asked < 4) continue;
    const std::string name(format_name(format));
    if (seen.rounded == seen.asked)
      return {name, fmt::format("P cancels its value in {} exactly, {} of {} times", name, seen.rounded,
                                seen.asked)};
    if (format == format_of(kernel.kv()) && seen.unrounded == seen.asked)
      return {"none", fmt::format("what a rounding to {} would cut off of P is there", name)};
  }
  return {std::nullopt, "neither P nor its rounding explains the outputs"};
}

// The ratio of P in the numerator to the weight in the denominator.
ProbeResult probability_32_bits(ProbeKernel& kernel) {
  std::vector<double> exact;
  std::vector<double> rounding;
  for (const double gap : kGaps) {
    const auto seen = weight_of(kernel, gap);
    const auto answer = kernel.ask({0, -gap}, kSecondOfTwo);
    if (!seen || !answer) return {std::nullopt, "no result"};
    exact.push_back(seen->weight);
    rounding.push_back(answer->out.front() * (1 + seen->weight) / seen->weight);
  }
  const auto matches = [&](const std::optional<Format>& format) {
    for (std::size_t i = 0; i < exact.size(); ++i) {
      const double expected = format ? round_to(*format, exact[i]) / exact[i] : 1;
      if (!(std::fabs(rounding[i] - expected) < 2 * floor_of(kernel))) return false;
    }
    return true;
  };
  if (matches(std::nullopt)) return {"none", "P has the precision of the weights"};
  for (const Format& format : {kBinary32, kBinary16, kBfloat16, kFloat8E4m3, kFloat8E5m2}) {
    if (!matches(format)) continue;
    if (format == kBinary16) return {std::nullopt, "P is rounded to 11 bits: to f16 or TF32"};
    return {std::string(format_name(format)), fmt::format("P is rounded to {}", format_name(format))};
  }
  return {std::nullopt, "no rounding of P explains the outputs"};
}

}  // namespace

ProbeResult probe_probability_width(ProbeKernel& kernel, Known& /*known*/) {
  return kernel.out_format().precision < kBinary32.precision ? probability_16_bits(kernel)
                                                             : probability_32_bits(kernel);
}

ProbeResult probe_exponential(ProbeKernel& kernel, Known& known) {
  double worst = 0;
  for (int step = 1; step <= 64; ++step) {
    const auto seen = weight_of(kernel, 0.03 * step);
    if (!seen) return {std::nullopt, "no result is sharp enough"};
    worst = std::max(worst, std::fabs(seen->weight / std::exp(-seen->gap) - 1));
  }
  if (!std::isfinite(worst) || worst > 0.05) return {std::nullopt, "the weights are no exponentials"};
  if (worst > floor_of(kernel)) {
    const double error = rounded_up(1.1 * worst);
    known.weight_error = error;
    return {fmt::format("{}", error), fmt::format("64 weights are off by up to {:.2g}", worst)};
  }
  const oracle::Contract preset = oracle::parse_contract(kernel.q() == DType::f64 ? "f64" : "f32");
  return {value_in(preset, "exp_rel"),
          fmt::format("64 weights are off by at most {:.2g}, as far as results tell", worst)};
}

// A score n is n log2(e) in base 2; its rounding grows with n, and the difference of two of them shows it.
ProbeResult probe_base_of_exponential(ProbeKernel& kernel, Known& known) {
  const auto constant = static_cast<float>(1.4426950408889634);
  bool plain = true;
  bool folded = true;
  bool differ = false;
  const double longer = kernel.key_format().precision >= kBinary32.precision ? 32 : 1;
  for (const double base : {1001.0, 4099.0, 9973.0, 16411.0, 24593.0, 32771.0, 40961.0, 49157.0}) {
    const double n = base * longer;
    const auto answer = kernel.ask({n, n - 1}, kSecondOfTwo);
    if (!answer) return {std::nullopt, "no result"};
    if (answer->scores != std::vector<double>{n, n - 1})
      return {std::nullopt, "keys do not hold such scores"};
    const auto expected = [](double weight) { return weight / (1 + weight); };
    const double in_nats = expected(std::exp(-1.0));
    const auto high = static_cast<float>(n) * constant;
    const auto low = static_cast<float>(n - 1) * constant;
    const double in_bits = expected(std::exp2(static_cast<double>(low - high)));
    const double room =
        std::max(2e-6, 2 * kernel.out_format().unit_roundoff()) + known.weight_error.value_or(0) / 2;
    differ = differ || std::fabs(in_nats - in_bits) > 4 * room;
    plain = plain && std::fabs(answer->out.front() - in_nats) < room;
    folded = folded && std::fabs(answer->out.front() - in_bits) < room;
  }
  if (kernel.q() == DType::f64 || !differ || plain == folded)
    return {std::nullopt, "the roundings of neither base explain the outputs"};
  if (plain) return {"plain", fmt::format("scores up to {:g} lose nothing", 49'157 * longer)};
  return {"folded", fmt::format("scores up to {:g} lose what n log2(e) loses in f32", 49'157 * longer)};
}

namespace {

constexpr std::size_t kApart = 300;  // keys between the two, so that no tile holds both

std::vector<double> far_apart(double first, double last) {
  std::vector<double> scores(kApart + 1, -1000);
  scores.front() = first;
  scores.back() = last;
  return scores;
}

float neighbour(float x, int ulps) {
  for (; ulps > 0; --ulps) x = std::nextafter(x, HUGE_VALF);
  for (; ulps < 0; ++ulps) x = std::nextafter(x, -HUGE_VALF);
  return x;
}

float divided(float numerator, float denominator, bool reciprocal) {
  return reciprocal ? numerator * (1 / denominator) : numerator / denominator;
}

enum class Reference : std::uint8_t { maximum, first, unclear };

// Whether the weights are relative to the larger score, which comes last by `gap`, or still to the first.
Reference reference_of(ProbeKernel& kernel, float gap, bool reciprocal) {
  std::vector<std::vector<double>> values;
  for (int c = 0; c < 60; ++c) {
    std::vector<double> column(kApart + 1, 0);
    column.back() = kernel.value(2 * c + 1);
    values.push_back(column);
  }
  const auto answer = kernel.ask(far_apart(0, static_cast<double>(gap)), values);
  if (!answer || answer->scores.back() != static_cast<double>(gap)) return Reference::unclear;
  bool by_maximum = false;
  bool by_first = false;
  for (int ulps = -4; ulps <= 4; ++ulps) {
    const float small = neighbour(std::exp(-gap), ulps);
    const float large = neighbour(std::exp(gap), ulps);
    bool maximum = true;
    bool first = true;
    for (std::size_t c = 0; c < values.size(); ++c) {
      const auto v = static_cast<float>(values[c].back());
      const auto got = static_cast<float>(answer->out[c]);
      maximum = maximum && got == divided(v, small + 1, reciprocal);
      first = first && got == divided(large * v, 1 + large, reciprocal);
    }
    by_maximum = by_maximum || maximum;
    by_first = by_first || first;
  }
  if (by_maximum == by_first) return Reference::unclear;
  return by_maximum ? Reference::maximum : Reference::first;
}

}  // namespace

ProbeResult probe_lazy_rescale(ProbeKernel& kernel, Known& known) {
  if (kernel.q() != DType::f32 || kernel.kv() != DType::f32)
    return {std::nullopt, "asked of f32 alone, whose last bits show it"};
  if (!known.division) return {std::nullopt, "how quotients are rounded is not known"};
  const bool reciprocal = *known.division == "reciprocal";
  float lags = 0;
  float follows = 0;
  for (const float gap : {0.75F, 1.5F, 3.125F, 5.25F, 7.5F, 9.5F, 11.25F}) {
    const Reference reference = reference_of(kernel, gap, reciprocal);
    if (reference == Reference::unclear) continue;
    if (reference == Reference::first) lags = gap;
    if (reference == Reference::maximum && follows == 0) follows = gap;
  }
  if (follows == 0 || (lags != 0 && follows < lags)) return {std::nullopt, "the last bits fit no reference"};
  if (lags == 0) return {"0", "weights are relative to the larger score, by their last bits"};
  for (int step = 0; step < 14; ++step) {
    const float middle = (lags + follows) / 2;
    const Reference reference = reference_of(kernel, middle, reciprocal);
    if (reference == Reference::unclear) break;
    (reference == Reference::first ? lags : follows) = middle;
  }
  const double tau = std::ceil(static_cast<double>(lags) * 100) / 100;
  return {fmt::format("{}", tau), fmt::format("weights stay relative to a score {:.4g} lower, and not {:.4g}",
                                              static_cast<double>(lags), static_cast<double>(follows))};
}

}  // namespace attest::check
