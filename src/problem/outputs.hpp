// The tensors that kernels return, a row each: what memory, files, validity, fingerprints and the judge have
// to know about every one of them.
//
// To add an output: a field in include/attest/kernel.h, a member of Result, its strides (and whether it is
// wanted) in Problem, a name in Output with its tally in oracle::Judgement, and a row here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "attest/kernel.h"
#include "problem/axes.hpp"
#include "problem/problem.hpp"

namespace attest {

/// In the order in which a row's numbers are listed.
enum class Output : std::uint8_t { lse, out };
inline constexpr std::size_t kOutputNames = 2;

/// One value for each output, by its name.
template <class T>
using PerOutput = std::array<T, kOutputNames>;
constexpr std::size_t index_of(Output output) { return static_cast<std::size_t>(output); }

/// One tensor of the ABI that a kernel writes.
struct OutputTensor {
  Output output = Output::out;
  std::string_view name;  ///< in the ABI, in files and in messages
  std::variant<Tensor Result::*, std::optional<Tensor> Result::*> member;
  DLTensor* attest_forward::*field = nullptr;
  std::size_t rank = 0;
  /// The first `rank`: three that tell rows apart, then the channels of a row, where it has several numbers.
  std::array<AxisRole, 4> axes{};
  DType (*dtype)(const Problem&) = nullptr;
  /// In a kernel's memory, in elements; empty there: row-major.
  std::vector<std::int64_t> Problem::*strides = nullptr;
  bool Problem::*wanted = nullptr;  ///< null: always

  constexpr bool has_channels() const { return rank > 0 && is_channel(axes[rank - 1]); }
  /// Whether rows of both are the same rows.
  constexpr bool shares_rows(const OutputTensor& other) const {
    return axes[0] == other.axes[0] && axes[1] == other.axes[1] && axes[2] == other.axes[2];
  }
  bool is_wanted(const Problem& problem) const { return wanted == nullptr || problem.*wanted; }
  std::vector<std::int64_t> shape_in(const Problem& problem) const;
  /// As the kernel sees them.
  std::vector<std::int64_t> strides_in(const Problem& problem) const;

  /// The tensor of a result; null where it has none.
  const Tensor* of(const Result& result) const {
    if (const auto* always = std::get_if<Tensor Result::*>(&member)) return &(result.**always);
    const std::optional<Tensor>& tensor = result.*std::get<std::optional<Tensor> Result::*>(member);
    return tensor ? &*tensor : nullptr;
  }
  void put(Result& result, Tensor tensor) const;
};

/// In the order of the ABI's fields.
inline constexpr auto kOutputs = std::to_array<OutputTensor>({
    {.output = Output::out,
     .name = "out",
     .member = &Result::out,
     .field = &attest_forward::out,
     .rank = 4,
     .axes = {AxisRole::batch, AxisRole::q_head, AxisRole::row, AxisRole::v_channel},
     .dtype = [](const Problem& p) { return p.q.dtype(); },
     .strides = &Problem::out_strides,
     .wanted = nullptr},
    {.output = Output::lse,
     .name = "lse",
     .member = &Result::lse,
     .field = &attest_forward::lse,
     .rank = 3,
     .axes = {AxisRole::batch, AxisRole::q_head, AxisRole::row},
     .dtype = [](const Problem& p) { return p.lse_dtype(); },
     .strides = &Problem::lse_strides,
     .wanted = &Problem::want_lse},
});

/// Whether both have the same outputs, with the same bytes in the same layout.
bool same_in_memory(const Result& a, const Result& b);

/// The row of an output.
constexpr const OutputTensor& tensor_of(Output output) {
  return kOutputs[kOutputs[0].output == output ? 0 : 1];
}

}  // namespace attest
