// Fills q, k and v of a frame.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "check/generate/frame.hpp"

namespace attest::check {

/// The value of an element by its index {batch, head, position, channel}.
using ElementAt = std::function<double(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c)>;

/// Elements in row-major order from an ElementAt. Where elements share storage the last one counts.
template <class Element>
void fill(Tensor& t, const Element& element) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(t.count()));
  for (std::int64_t b = 0; b < t.dim(0); ++b) {
    for (std::int64_t h = 0; h < t.dim(1); ++h) {
      for (std::int64_t i = 0; i < t.dim(2); ++i) {
        for (std::int64_t c = 0; c < t.dim(3); ++c) values.push_back(element(b, h, i, c));
      }
    }
  }
  t.assign(values);
}

/// The largest component to use: a score within its limit may need more than a narrow format can hold.
double largest_component(const Tensor& tensor);

/// The scale from which the sizes of q and k are derived: the problem's, or 1/sqrt(qk_dim) if that is 0.
double sizing_scale(const Problem& problem);

/// Normal numbers times `size`, with the scores' sum |q k| kept below limits.score.
void fill_normal_scores(Draw& draw, Frame& frame, double size = 1);
/// Normal numbers times `size`, around `mean`.
void fill_normal_values(Draw& draw, Frame& frame, double size = 1, double mean = 0);

/// Makes scale * q.k equal to row_factor(i) * score(j) for every head. q and k point along one vector of
/// signs, so that sum |q k| is no larger than the score. Rounded to the dtypes, and smaller if k cannot hold
/// it.
void fill_scores(Draw& draw, Frame& frame, const std::function<double(std::int64_t i)>& row_factor,
                 const std::function<double(std::int64_t b, std::int64_t j)>& score);

}  // namespace attest::check
