// The outputs of attest_forward by name, and where they hold their numbers.
#pragma once

#include <compare>
#include <cstdint>

#include "problem/problem.hpp"

namespace attest {

/// In the order in which a row's numbers are listed.
enum class Output : std::uint8_t { lse, out };

/// A number of a result.
struct Place {
  std::int64_t b = 0, h = 0, i = 0;
  Output output = Output::out;
  std::int64_t channel = 0;  ///< of out; 0 in an output that has one number a row

  bool in(Output which) const { return output == which; }
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// The output of a result; null where it has none.
inline const Tensor* output_of(const Result& result, Output output) {
  if (output == Output::out) return &result.out;
  return result.lse ? &*result.lse : nullptr;
}

/// Precondition: the result has the place.
inline double number_at(const Result& result, const Place& p) {
  const Tensor& tensor = *output_of(result, p.output);
  return p.in(Output::out) ? tensor.at({p.b, p.h, p.i, p.channel}) : tensor.at({p.b, p.h, p.i});
}

/// Calls for every number of a row of a result, in the order of places.
template <class Visit>
void for_each_place_in_row(const Result& result, std::int64_t b, std::int64_t h, std::int64_t i,
                           Visit visit) {
  for (const Output output : {Output::lse, Output::out}) {
    const Tensor* tensor = output_of(result, output);
    if (tensor == nullptr) continue;
    const std::int64_t channels = output == Output::out ? tensor->dim(3) : 1;
    for (std::int64_t c = 0; c < channels; ++c) visit(Place{b, h, i, output, c});
  }
}

/// Calls for every number of a result, in the order of places.
template <class Visit>
void for_each_place(const Result& result, Visit visit) {
  for (std::int64_t b = 0; b < result.out.dim(0); ++b) {
    for (std::int64_t h = 0; h < result.out.dim(1); ++h) {
      for (std::int64_t i = 0; i < result.out.dim(2); ++i) for_each_place_in_row(result, b, h, i, visit);
    }
  }
}

}  // namespace attest
