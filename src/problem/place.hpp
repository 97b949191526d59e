// Where the numbers of results stand.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

#include "problem/outputs.hpp"
#include "problem/problem.hpp"

namespace attest {

/// A number of a result.
struct Place {
  std::int64_t b = 0, h = 0, i = 0;  ///< along the axes that tell the output's rows apart
  Output output = Output::out;
  std::int64_t channel = 0;  ///< 0 in an output that has one number a row

  bool in(Output which) const { return output == which; }
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// The output of a result; null where it has none.
inline const Tensor* output_of(const Result& result, Output output) { return tensor_of(output).of(result); }

/// Precondition: the result has the place.
inline double number_at(const Result& result, const Place& p) {
  const OutputTensor& output = tensor_of(p.output);
  const Tensor& tensor = *output.of(result);
  return output.has_channels() ? tensor.at({p.b, p.h, p.i, p.channel}) : tensor.at({p.b, p.h, p.i});
}

/// An output that a result has.
struct Returned {
  const OutputTensor* output = nullptr;
  const Tensor* tensor = nullptr;  ///< null: the result has no such output
  std::int64_t channels = 1;
};

/// What a result has of these outputs.
inline PerOutput<Returned> returned_in(const Result& result, std::span<const OutputTensor> outputs) {
  PerOutput<Returned> returned{};
  for (const OutputTensor& output : outputs) {
    const Tensor* tensor = output.of(result);
    if (tensor == nullptr) continue;
    const std::int64_t channels = output.has_channels() ? tensor->dim(output.rank - 1) : 1;
    returned[index_of(output.output)] = {&output, tensor, channels};
  }
  return returned;
}

/// Calls with the indices of every row.
template <class Visit>
void for_each_row(const Tensor& tensor, Visit visit) {
  for (std::int64_t b = 0; b < tensor.dim(0); ++b) {
    for (std::int64_t h = 0; h < tensor.dim(1); ++h) {
      for (std::int64_t i = 0; i < tensor.dim(2); ++i) visit(b, h, i);
    }
  }
}

/// Calls for every number of a result in these outputs, in the order of places among outputs whose rows are
/// the same; outputs with other rows follow.
template <class Visit>
void for_each_place(std::span<const OutputTensor> outputs, const Result& result, Visit visit) {
  const PerOutput<Returned> returned = returned_in(result, outputs);
  const auto same_rows = [](const Returned& a, const Returned& b) {
    return a.tensor != nullptr && b.tensor != nullptr && a.output->shares_rows(*b.output);
  };
  for (std::size_t n = 0; n < returned.size(); ++n) {
    const Returned& first = returned[n];
    const auto earlier = std::span(returned).first(n);
    const bool done = std::any_of(earlier.begin(), earlier.end(),
                                  [&](const Returned& other) { return same_rows(other, first); });
    if (first.tensor == nullptr || done) continue;
    for_each_row(*first.tensor, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
      for (const Returned& same : returned) {
        if (!same_rows(first, same)) continue;
        for (std::int64_t c = 0; c < same.channels; ++c) visit(Place{b, h, i, same.output->output, c});
      }
    });
  }
}

/// Calls for every number of a result, in the order of places.
template <class Visit>
void for_each_place(const Result& result, Visit visit) {
  for_each_place(kOutputs, result, visit);
}

}  // namespace attest
