#include "problem/inputs.hpp"

#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest {
namespace {

constexpr std::array<std::string_view, 3> kCausalNames{"none", "top-left", "bottom-right"};

using OptionalMember = std::optional<Tensor> Problem::*;

// Of a problem that is const or not.
template <class P>
auto find(const Input& input, P& problem) -> decltype(&problem.q) {
  if (!input.optional()) return &(problem.*std::get<Tensor Problem::*>(input.member));
  auto& tensor = problem.*std::get<OptionalMember>(input.member);
  return tensor ? &*tensor : nullptr;
}

constexpr bool required_come_first() {
  for (std::size_t i = 0; i < kInputs.size(); ++i) {
    const bool optional = kInputs[i].optional();
    if (optional != (i >= kRequiredInputs)) return false;
    if (optional == (kInputs[i].effect == InputEffect::operand)) return false;
  }
  return true;
}
static_assert(required_come_first());

}  // namespace

std::int64_t extent_of(const Problem& p, AxisRole role) {
  switch (role) {
    case AxisRole::batch:
      return p.batch();
    case AxisRole::q_head:
      return p.q_heads();
    case AxisRole::kv_head:
      return p.kv_heads();
    case AxisRole::row:
      return p.q_len();
    case AxisRole::key:
      return p.kv_len();
    case AxisRole::qk_channel:
      return p.qk_dim();
    case AxisRole::v_channel:
      return p.v_dim();
  }
  return 0;
}

const Tensor* Input::of(const Problem& problem) const { return find(*this, problem); }
Tensor* Input::of(Problem& problem) const { return find(*this, problem); }

void Input::put(Problem& problem, Tensor tensor) const {
  std::visit([&](auto at) { problem.*at = std::move(tensor); }, member);
}

void Input::leave_out(Problem& problem) const { (problem.*std::get<OptionalMember>(member)).reset(); }

void leave_out(Problem& problem, InputEffect effect) {
  for (const Input& input : optional_inputs()) {
    if (input.effect == effect) input.leave_out(problem);
  }
}

std::string shape_text(const Input& input) {
  std::vector<std::string> extents;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    extents.push_back(std::string(name_of(input.axes[axis].role)) +
                      (input.axes[axis].broadcasts ? "|1" : ""));
  }
  return fmt::format("[{}]", fmt::join(extents, ", "));
}

bool Scalar::is_given(const Problem& problem) const {
  return absent && std::visit([&](auto at) { return static_cast<double>(problem.*at); }, member) != *absent;
}

void Scalar::leave_out(Problem& problem) const {
  std::visit(
      [&](auto at) { problem.*at = static_cast<std::remove_reference_t<decltype(problem.*at)>>(*absent); },
      member);
}

std::string_view name_of(Causal causal) { return kCausalNames.at(static_cast<std::size_t>(causal)); }

std::optional<Causal> causal_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kCausalNames.size(); ++i) {
    if (kCausalNames[i] == name) return static_cast<Causal>(i);
  }
  return std::nullopt;
}

}  // namespace attest
