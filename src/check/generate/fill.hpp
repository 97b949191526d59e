// Fills q, k and v of a frame.
#pragma once

#include <functional>

#include "check/generate/frame.hpp"

namespace attest {

/// Elements in row-major order from a function of their index {batch, head, position, channel}. Where
/// elements share storage the last one counts.
using ElementAt = std::function<double(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c)>;
void fill(Tensor& tensor, const ElementAt& element);

/// What a component may be at most: a score within its limit can ask for more than a narrow format holds.
double largest_component(const Tensor& tensor);

/// The scale, or the usual one where it is 0: what sizes of q and k are derived from.
double sizing_scale(const Problem& problem);

/// Normal numbers times `size`, with the scores' sum |q k| kept below limits.score.
void fill_normal_scores(Draw& draw, Frame& frame, double size = 1);
/// Normal numbers times `size`, around `mean`.
void fill_normal_values(Draw& draw, Frame& frame, double size = 1, double mean = 0);

/// Makes q.k scaled equal to row_factor(i) * score(j) for every head: q and k along one direction of signs,
/// so that sum |q k| is no larger than the score. Rounded to the dtypes, and smaller where k cannot hold it.
void fill_scores(Draw& draw, Frame& frame, const std::function<double(std::int64_t i)>& row_factor,
                 const std::function<double(std::int64_t b, std::int64_t j)>& score);

}  // namespace attest
