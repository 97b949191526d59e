// Precisions of sums, stores and conversions: the first power of two at which a last bit is lost.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/infer/probe.hpp"

namespace attest::check {
namespace {

constexpr int kWidest16 = 14;   // bits that no 16-bit format has
constexpr int kWidestF64 = 40;  // bits that f32 has not
constexpr int kWidestKey = 12;  // so that queries stay in the range of f16

enum class Bit : std::uint8_t { kept, lost, unclear };

// Of the first of two keys whose scores differ by 1 where the bit is kept.
Bit bit_of(const std::optional<ProbeAnswer>& answer) {
  if (!answer) return Bit::unclear;
  const double weight = answer->out.front();
  if (std::fabs(weight - 0.5) < 0.01) return Bit::lost;
  return weight > 0.6 && weight < 0.9 ? Bit::kept : Bit::unclear;
}

double power(int exponent) { return std::ldexp(1.0, exponent); }

const std::vector<std::vector<double>> kFirstOfTwo{{1, 0}};

// The first t whose bit is lost, all before being kept; none: there is no such t up to `most`.
template <class BitAt>
std::optional<int> first_lost(int most, const BitAt& bit_at) {
  for (int t = 1; t <= most; ++t) {
    const Bit bit = bit_at(t);
    if (bit == Bit::lost) return t;
    if (bit == Bit::unclear) return std::nullopt;
  }
  return std::nullopt;
}

ProbeResult width_result(const std::optional<int>& bits, const char* of) {
  if (!bits) return {std::nullopt, fmt::format("no last bit of {} is lost", of)};
  return {format_of_bits(*bits), fmt::format("{} keeps {} bits", of, *bits)};
}

int widest(const ProbeKernel& kernel) { return kernel.key_format().emax > 15 ? 54 : 26; }

// The format of an operand that keeps these bits, and exponents beyond f16's or not.
std::optional<Format> operand_format(int bits, bool far_exponents) {
  for (const Format* format : {&kFloat8E5m2, &kFloat8E4m3, &kBfloat16, &kBinary32}) {
    if (format->precision == bits) return *format;
  }
  if (bits != kBinary16.precision) return std::nullopt;
  return far_exponents ? kTensorFloat32 : kBinary16;
}

}  // namespace

// A key of 1 + 2^-t, times queries whose products differ by 1 where the last bit is kept.
ProbeResult probe_key_width(ProbeKernel& kernel, Known& /*known*/) {
  const int most =
      kernel.kv() == DType::f64 ? kWidestF64 : std::min(kWidestKey, format_of(kernel.kv()).precision - 1);
  const auto bit_at = [&](int t) {
    const double large = power(t) / ProbeKernel::kScale;
    return bit_of(kernel.ask({large, -large}, {{1 + power(-t), 1}, {0, 0}}, kFirstOfTwo));
  };
  const auto lost = first_lost(most, bit_at);
  if (!lost) {
    if (bit_at(most) != Bit::kept) return {std::nullopt, "no clear answer"};
    return {"none", fmt::format("the last bit of a key of 1 + 2^-{} counts", most)};
  }
  const auto far = kernel.ask({power(-6), 0}, {{power(17), 0}, {0, 0}}, kFirstOfTwo);
  const auto format = operand_format(*lost, far && std::isfinite(far->out.front()));
  if (!format) return {std::nullopt, fmt::format("a key keeps {} bits", *lost)};
  kernel.keys_hold(*format);
  return {std::string(format_name(*format)), fmt::format("a key keeps {} bits", *lost)};
}

// Two equal keys with values 1 + 2^-t and -1: half of what is left comes back. The same with the 2^-t as a
// third value shows whether the sum could hold it.
ProbeResult probe_value_width(ProbeKernel& kernel, Known& /*known*/) {
  const int most =
      kernel.kv() == DType::f64 ? kWidestF64 : std::min(kWidest16, format_of(kernel.kv()).precision - 1);
  std::vector<std::vector<double>> together;
  std::vector<std::vector<double>> apart;
  for (int t = 1; t <= most; ++t) {
    together.push_back({1 + power(-t), -1, 0, 0});
    apart.push_back({1, -1, power(-t), 0});
  }
  const auto whole = kernel.ask(std::vector<double>(4), together);
  const auto parts = kernel.ask(std::vector<double>(4), apart);
  if (!whole || !parts) return {std::nullopt, "no result"};
  const auto lost = first_lost(most, [&](int t) {
    const auto at = static_cast<std::size_t>(t - 1);
    const double left = power(-t) / 4;
    if (std::fabs(parts->out[at] - left) > left / 4) return Bit::unclear;
    if (std::fabs(whole->out[at] - left) <= left / 4) return Bit::kept;
    return std::fabs(whole->out[at]) <= left / 4 ? Bit::lost : Bit::unclear;
  });
  if (!lost) {
    if (std::fabs(whole->out.back() / (power(-most) / 4) - 1) > 0.25)
      return {std::nullopt, "no clear answer"};
    return {"none", fmt::format("the last bit of a value of 1 + 2^-{} counts", most)};
  }
  const auto far = kernel.ask({0}, {{power(17)}});
  const auto format = operand_format(*lost, far && std::isfinite(far->out.front()));
  if (!format) return {std::nullopt, fmt::format("a value keeps {} bits", *lost)};
  kernel.values_hold(*format);
  return {std::string(format_name(*format)), fmt::format("a value keeps {} bits", *lost)};
}

// Whether products beyond f32 that cancel leave a score: sums in f64 of products in f32 do not.
bool keeps_range_of_f64(ProbeKernel& kernel) {
  constexpr int kFar = 100;  // 2^200 is beyond f32, and both factors are within it
  if (std::min(kernel.key_format().emax, kernel.out_format().emax) < kFar) return true;
  const std::vector<double> query{power(kFar), power(kFar)};
  const auto answer = kernel.ask(query, {{power(kFar), -power(kFar)}, {0, 0}}, kFirstOfTwo);
  return answer && std::isfinite(answer->out.front());
}

// Channels that are 16 apart meet in the same lane of a vector.
ProbeResult probe_score_sum(ProbeKernel& kernel, Known& known) {
  const int largest_key = std::min(kernel.key_format().emax, 60);
  const int largest_query = std::min(kernel.out_format().emax, 60);
  known.score_bits = first_lost(widest(kernel), [&](int t) {
    const int of_key = std::min((t + 3) / 2, largest_key);
    if (t + 3 - of_key > largest_query) return Bit::unclear;
    std::vector<double> query(33), key(33), none(33);
    query[0] = query[32] = power(t + 3 - of_key);
    key[0] = power(of_key);
    key[32] = -key[0];
    query[16] = 1 / ProbeKernel::kScale;
    key[16] = 1;
    return bit_of(kernel.ask(query, {key, none}, kFirstOfTwo));
  });
  if (known.score_bits == kBinary64.precision && !keeps_range_of_f64(kernel))
    return {std::nullopt,
            fmt::format("the sum of q.k keeps {} bits, but not the range of f64", *known.score_bits)};
  return width_result(known.score_bits, "the sum of q.k");
}

ProbeResult probe_numerator_sum(ProbeKernel& kernel, Known& known) {
  // Both ends of the values' range, and of the outputs'.
  const Format& format = kernel.value_format();
  const int largest = std::min(std::min(format.emax, kernel.out_format().emax), 15) - 1;
  const int smallest = std::max(format.emin - format.precision + 1, -46);
  const int most = std::min(largest - smallest, kernel.out_format().emax <= 15 ? 30 : 60);
  const double large = power(largest);
  std::vector<std::vector<double>> values;
  for (int t = 1; t <= most; ++t)
    values.push_back({1.5 * large, large * power(-t), -1.5 * large, 0});  // as many bits on both sides
  const auto answer = kernel.ask(std::vector<double>(4), values);
  if (!answer) return {std::nullopt, "no result"};
  known.numerator_bits = first_lost(most, [&](int t) {
    const double out = answer->out[static_cast<std::size_t>(t - 1)];
    if (out == 0) return Bit::lost;
    return out == large * power(-t) / 4 ? Bit::kept : Bit::unclear;
  });
  return width_result(known.numerator_bits, "the sum of P * V");
}

// The lse is exactly 0 where the sum is 1. Without an lse, 1 / l is exactly 1 where it is.
ProbeResult probe_denominator_sum(ProbeKernel& kernel, Known& known) {
  const int out_bits = kernel.out_format().precision;
  known.denominator_bits = first_lost(54, [&](int t) {
    const auto answer = kernel.ask({0, std::log(0.75 * power(-t))}, kFirstOfTwo);
    if (!answer) return Bit::unclear;
    if (answer->lse) return *answer->lse == 0 ? Bit::lost : Bit::kept;
    return answer->out.front() != 1 ? Bit::kept : t <= out_bits ? Bit::lost : Bit::unclear;
  });
  return width_result(known.denominator_bits, "the sum of P");
}

ProbeResult probe_score_width(ProbeKernel& kernel, Known& /*known*/) {
  const auto lost = first_lost(kWidest16, [&](int t) {
    const int half = t / 2;
    return bit_of(kernel.ask({power(half) / ProbeKernel::kScale, 1 / ProbeKernel::kScale},
                             {{power(t - half), 1}, {power(t - half), 0}}, kFirstOfTwo));
  });
  if (lost)
    return {std::nullopt,
            fmt::format("a stored score keeps {} bits; where it is stored is not known", *lost)};
  const auto last = kernel.ask({0x1p7 / ProbeKernel::kScale, 1 / ProbeKernel::kScale},
                               {{0x1p7, 1}, {0x1p7, 0}}, kFirstOfTwo);
  if (bit_of(last) != Bit::kept)
    return {std::nullopt, "scores of 2^14 and 2^14 + 1 cannot be told apart from failure"};
  return {"none", "scores of 2^14 and 2^14 + 1 differ"};
}

ProbeResult probe_query_width(ProbeKernel& kernel, Known& known) {
  if (format_of(kernel.q()).precision <= kWidest16) return {"none", "q has 16 bits already"};
  const auto bit_at = [&](int t) {
    const int moved = std::max(0, t - 6);  // from the keys, whose range may be small
    const double scaled = power(moved) / ProbeKernel::kScale;
    const double key = power(t - moved);
    return bit_of(kernel.ask({(1 + power(-t)) * scaled, scaled}, {{key, -key}, {0, 0}}, kFirstOfTwo));
  };
  const int most = kernel.q() == DType::f64 ? kWidestF64 : kWidest16;
  const auto lost = first_lost(most, bit_at);
  if (!lost) {
    if (bit_at(most) != Bit::kept) return {std::nullopt, "no clear answer"};
    return {"none", fmt::format("the last bit of a query of 1 + 2^-{} counts", most)};
  }
  const auto far = kernel.ask({power(17), 0}, {{power(-6), 0}, {0, 0}}, kFirstOfTwo);
  const auto format = operand_format(*lost, far && std::isfinite(far->out.front()));
  if (!format) return {std::nullopt, fmt::format("a query keeps {} bits", *lost)};
  known.query = format;
  return {std::string(format_name(*format)), fmt::format("a query keeps {} bits", *lost)};
}

// The mean of two equal keys' values, 1 and 2^-u, has u bits more than they have.
ProbeResult probe_output_width(ProbeKernel& kernel, Known& known) {
  const int own = kernel.out_format().precision;
  const int held = known.numerator_bits.value_or(own);
  const int most = std::min(own == kBinary64.precision ? kWidestF64 : kWidest16, std::min(own - 1, held - 2));
  const double large = kernel.value_format().emax > 15 ? 1 : power(kernel.value_format().emax - 1);
  std::vector<std::vector<double>> values;
  for (int u = 1; u <= most; ++u) values.push_back({large, large * power(-u)});
  const auto answer = kernel.ask(std::vector<double>(2), values);
  if (!answer) return {std::nullopt, "no result"};
  const auto lost = first_lost(most, [&](int u) {
    const double bit = large * power(-u) / 2;
    const double off = answer->out[static_cast<std::size_t>(u - 1)] - large / 2;
    if (std::fabs(off - bit) <= bit / 4) return Bit::kept;
    return std::fabs(off) <= bit / 4 ? Bit::lost : Bit::unclear;
  });
  if (!lost) {
    const double bit = large * power(-most) / 2;
    if (std::fabs(answer->out.back() - large / 2 - bit) > bit / 4) return {std::nullopt, "no clear answer"};
    return {"none", fmt::format("a mean of {} bits comes back", most + 1)};
  }
  if (!known.numerator_bits) return {std::nullopt, "the precision of the numerator is not known"};
  return width_result(lost, "an output");
}

}  // namespace attest::check
