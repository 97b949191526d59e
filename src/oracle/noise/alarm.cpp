#include "oracle/noise/alarm.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace attest::oracle {
namespace {

constexpr std::array<Bias, 3> kBiases{Bias::out, Bias::outward, Bias::lse};

double threshold(double tests) { return std::sqrt(2 * std::log(2 * tests / (kFalseAlarm / 2))); }

std::string place(const Deviation& d) {
  const std::string row = fmt::format("b {}, h {}, i {}", d.b, d.h, d.i);
  return d.channel < 0 ? fmt::format("lse[{}]", row) : fmt::format("out[{}, c {}]", row, d.channel);
}

std::string_view direction(Bias of, double sigmas) {
  if (of == Bias::outward) return sigmas < 0 ? "towards zero" : "away from zero";
  return sigmas < 0 ? "downwards" : "upwards";
}

}  // namespace

std::string_view name_of(Bias bias) {
  constexpr std::array<std::string_view, 3> kNames{"out", "out away from zero", "lse"};
  return kNames.at(static_cast<std::size_t>(bias));
}

void Alarm::Sums::add(const SignedSum& one) {
  if (one.count == 0) return;
  const double root = std::sqrt(static_cast<double>(one.count));
  // A problem that may lean far says little about whether others lean.
  const double weight = 1 / (1 + one.allowed / root);
  const double x = weight * one.sum / root;
  const double a = weight * one.allowed / root;
  sum += x;
  allowed += a;
  squares += (std::fabs(x) + a) * (std::fabs(x) + a);
  sigmas += one.sum;
  permitted += one.allowed;
  count += one.count;
  ++problems;
}

void Alarm::add(const NoiseTally& tally, const std::string& where) {
  if (tally.outputs == 0) return;
  ++problems_;
  outputs_ += tally.outputs;
  if (!largest_ || tally.largest->sigmas > largest_->sigmas) {
    largest_ = tally.largest;
    where_ = where;
  }
  sums_[0].add(tally.out);
  sums_[1].add(tally.outward);
  sums_[2].add(tally.lse);
}

double Alarm::output_threshold() const {
  return threshold(static_cast<double>(std::max<std::int64_t>(1, outputs_)));
}

double Alarm::bias_threshold() { return threshold(static_cast<double>(kBiases.size())); }

double Alarm::bias(Bias of) const {
  const Sums& s = sums(of);
  const double beyond = std::fabs(s.sum) - s.allowed;
  return beyond > 0 ? std::copysign(beyond / std::sqrt(s.squares), s.sum) : 0;
}

std::string Alarm::bias_sentence(Bias of) const {
  const Sums& s = sums(of);
  const double sigmas = bias(of);
  return fmt::format(
      "errors of {} lean {}: pooled over {} problems they are {:.1f} sigmas off (alarm at {:.1f}), {:.2g} "
      "sigmas of rounding noise on average, where the contract permits {:.2g}",
      of == Bias::lse ? "lse" : "out", direction(of, sigmas), s.problems, std::fabs(sigmas), bias_threshold(),
      std::fabs(s.sigmas) / static_cast<double>(s.count), s.permitted / static_cast<double>(s.count));
}

std::vector<std::string> Alarm::suspicions() const {
  std::vector<std::string> all;
  if (largest_ && largest_->sigmas > output_threshold()) {
    all.push_back(
        fmt::format("{} = {:.9g} differs by {:.3g} sigmas of rounding noise from {:.9g} (alarm at {:.1f} "
                    "among {} outputs), in {}",
                    place(*largest_), largest_->got, largest_->sigmas, largest_->expected, output_threshold(),
                    outputs_, where_));
  }
  for (const Bias of : kBiases) {
    if (std::fabs(bias(of)) > bias_threshold()) all.push_back(bias_sentence(of));
  }
  return all;
}

}  // namespace attest::oracle
