// The inputs of a problem, a row each: what memory, files, validity, layouts, generators and the shrinker
// have to know about every one of them.
//
// To add an input: a field in include/attest/kernel.h, a member of Problem, and a row here. Its meaning
// stands in oracle/definition, its error in oracle/bound, its feature in check/outline/features.def, and what
// is drawn for it in check/generate/add_features.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "attest/kernel.h"
#include "problem/axes.hpp"
#include "problem/problem.hpp"

namespace attest {

struct InputAxis {
  AxisRole role = AxisRole::batch;
  bool broadcasts = false;  ///< an extent of 1 stands for every index
};

/// Which values an input may hold.
enum class InputValues : std::uint8_t {
  any,  ///< infinities and NaN included
  finite,
  additive,  ///< finite or -inf, which masks
  bits,      ///< 0 and 1
  lengths,   ///< whole numbers from 0 to kv_len
};

/// What an optional input does.
enum class InputEffect : std::uint8_t {
  operand,     ///< it is there always: q, k or v
  score,       ///< changes scores, or adds one
  visibility,  ///< hides keys
};

/// One tensor of the ABI that a kernel reads.
struct Input {
  std::string_view name;        ///< in the ABI, in files and in messages
  std::string_view short_name;  ///< in descriptions
  std::variant<Tensor Problem::*, std::optional<Tensor> Problem::*> member;
  const DLTensor* attest_forward::*field = nullptr;
  std::optional<DType> dtype;  ///< none: any float
  std::size_t rank = 0;
  std::array<InputAxis, 4> axes{};  ///< the first `rank`
  InputValues values = InputValues::any;
  InputEffect effect = InputEffect::operand;
  std::string_view absent;  ///< what its absence means, as the ABI states it; empty: it is always there

  /// Whether a problem may do without it.
  constexpr bool optional() const { return std::holds_alternative<std::optional<Tensor> Problem::*>(member); }
  /// Added to scores or masking them: [batch|1, q_heads|1, q_len|1, kv_len].
  constexpr bool per_score() const { return optional() && rank == 4; }
  /// A number for each head or batch.
  constexpr bool is_vector() const { return rank == 1; }
  /// The tensor of a problem; null where it is absent.
  const Tensor* of(const Problem& problem) const;
  Tensor* of(Problem& problem) const;
  void put(Problem& problem, Tensor tensor) const;
  /// Precondition: optional().
  void leave_out(Problem& problem) const;
};

namespace input_axes {
inline constexpr std::array<InputAxis, 4> kPerScore{
    {{AxisRole::batch, true}, {AxisRole::q_head, true}, {AxisRole::row, true}, {AxisRole::key}}};
inline constexpr std::array<InputAxis, 4> kPerHead{{{AxisRole::q_head}}};
inline constexpr std::array<InputAxis, 4> kPerBatch{{{AxisRole::batch}}};
}  // namespace input_axes

/// q, k and v first, then the optional ones in the order of the ABI's fields.
inline constexpr auto kInputs = std::to_array<Input>({
    {.name = "q",
     .short_name = "q",
     .member = &Problem::q,
     .field = &attest_forward::q,
     .dtype = {},
     .rank = 4,
     .axes = {{{AxisRole::batch}, {AxisRole::q_head}, {AxisRole::row}, {AxisRole::qk_channel}}},
     .values = InputValues::any,
     .effect = InputEffect::operand,
     .absent = ""},
    {.name = "k",
     .short_name = "k",
     .member = &Problem::k,
     .field = &attest_forward::k,
     .dtype = {},
     .rank = 4,
     .axes = {{{AxisRole::batch}, {AxisRole::kv_head}, {AxisRole::key}, {AxisRole::qk_channel}}},
     .values = InputValues::any,
     .effect = InputEffect::operand,
     .absent = ""},
    {.name = "v",
     .short_name = "v",
     .member = &Problem::v,
     .field = &attest_forward::v,
     .dtype = {},
     .rank = 4,
     .axes = {{{AxisRole::batch}, {AxisRole::kv_head}, {AxisRole::key}, {AxisRole::v_channel}}},
     .values = InputValues::any,
     .effect = InputEffect::operand,
     .absent = ""},
    {.name = "bias",
     .short_name = "bias",
     .member = &Problem::bias,
     .field = &attest_forward::bias,
     .dtype = DType::f32,
     .rank = 4,
     .axes = input_axes::kPerScore,
     .values = InputValues::additive,
     .effect = InputEffect::score,
     .absent = "none"},
    {.name = "mask",
     .short_name = "mask",
     .member = &Problem::mask,
     .field = &attest_forward::mask,
     .dtype = DType::u8,
     .rank = 4,
     .axes = input_axes::kPerScore,
     .values = InputValues::bits,
     .effect = InputEffect::visibility,
     .absent = "all visible"},
    {.name = "alibi_slopes",
     .short_name = "alibi",
     .member = &Problem::alibi_slopes,
     .field = &attest_forward::alibi_slopes,
     .dtype = DType::f32,
     .rank = 1,
     .axes = input_axes::kPerHead,
     .values = InputValues::finite,
     .effect = InputEffect::score,
     .absent = "none"},
    {.name = "sink",
     .short_name = "sink",
     .member = &Problem::sink,
     .field = &attest_forward::sink,
     .dtype = DType::f32,
     .rank = 1,
     .axes = input_axes::kPerHead,
     .values = InputValues::additive,
     .effect = InputEffect::score,
     .absent = "none"},
    {.name = "kv_lens",
     .short_name = "kv_lens",
     .member = &Problem::kv_lens,
     .field = &attest_forward::kv_lens,
     .dtype = DType::i32,
     .rank = 1,
     .axes = input_axes::kPerBatch,
     .values = InputValues::lengths,
     .effect = InputEffect::visibility,
     .absent = "none"},
});

/// Those that every problem has: q, k and v.
inline constexpr std::size_t kRequiredInputs = 3;
inline constexpr std::span<const Input> required_inputs() {
  return std::span(kInputs).first(kRequiredInputs);
}
inline constexpr std::span<const Input> optional_inputs() {
  return std::span(kInputs).subspan(kRequiredInputs);
}

/// Leaves out every optional input with the effect.
void leave_out(Problem& problem, InputEffect effect);

/// "[batch|1, q_heads|1, q_len|1, kv_len]".
std::string shape_text(const Input& input);

/// A parameter of the ABI that is one number.
struct Scalar {
  std::string_view name;
  std::variant<double Problem::*, std::int64_t Problem::*, Causal Problem::*> member;
  std::variant<double attest_forward::*, std::int64_t attest_forward::*, std::int32_t attest_forward::*>
      field;
  std::optional<double> absent;  ///< the value that means "none"; empty: there is no such value
  bool needed_in_files = false;  ///< what a file would mean without it is not clear

  /// Whether the problem has it at another value than the one that means "none".
  bool is_given(const Problem& problem) const;
  /// Precondition: absent.
  void leave_out(Problem& problem) const;
};

inline constexpr auto kScalars = std::to_array<Scalar>({
    {.name = "scale",
     .member = &Problem::scale,
     .field = &attest_forward::scale,
     .absent = {},
     .needed_in_files = true},
    {.name = "causal",
     .member = &Problem::causal,
     .field = &attest_forward::causal,
     .absent = 0,
     .needed_in_files = true},
    {.name = "window_left",
     .member = &Problem::window_left,
     .field = &attest_forward::window_left,
     .absent = -1},
    {.name = "window_right",
     .member = &Problem::window_right,
     .field = &attest_forward::window_right,
     .absent = -1},
    {.name = "softcap", .member = &Problem::softcap, .field = &attest_forward::softcap, .absent = 0},
});

/// "none", "top-left", "bottom-right".
std::string_view name_of(Causal causal);
std::optional<Causal> causal_from_name(std::string_view name);

}  // namespace attest
