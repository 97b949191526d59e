#include "check/compare/same_problem.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include <fmt/format.h>

#include "problem/inputs.hpp"

namespace attest::check {
namespace {

bool same(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape()) return false;
  const auto same_bits = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  };
  return std::ranges::equal(a.values(), b.values(), same_bits);
}

std::string scalar(const char* name, double a, double b) {
  return a == b ? "" : fmt::format("{} differs: {} and {}", name, a, b);
}

}  // namespace

std::string why_other_problem(const Problem& a, const Problem& b) {
  for (const Input& input : kInputs) {
    const Tensor* x = input.of(a);
    const Tensor* y = input.of(b);
    if ((x == nullptr) != (y == nullptr)) return fmt::format("only one has {}", input.name);
    if (x != nullptr && !same(*x, *y)) return fmt::format("{} differs", input.name);
  }
  if (a.causal != b.causal) return "causal differs";
  if (a.q_start != b.q_start) return "the position of the first query differs";
  for (const std::string& why :
       {scalar("scale", a.scale, b.scale), scalar("softcap", a.softcap, b.softcap),
        scalar("window_left", static_cast<double>(a.window_left), static_cast<double>(b.window_left)),
        scalar("window_right", static_cast<double>(a.window_right), static_cast<double>(b.window_right))}) {
    if (!why.empty()) return why;
  }
  return "";
}

}  // namespace attest::check
