// A score of the plain kernel, as its fault has it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "plain_visibility.hpp"

namespace attest::test {

class PlainScores : protected PlainVisibility {
 protected:
  using PlainVisibility::PlainVisibility;

  Index of_batch(Index b) const {
    if (is(Fault::batch_0)) return 0;
    return is(Fault::four_batches) ? std::min<Index>(b, 3) : b;
  }

  float scale() const {
    if (is(Fault::scale_absolute)) return static_cast<float>(std::fabs(f_.scale));
    if (is(Fault::zero_scale_is_default) && f_.scale == 0)
      return 1 / std::sqrt(static_cast<float>(q_.dim(3)));
    return static_cast<float>(f_.scale);
  }

  float capped(float s) const {
    const auto cap = static_cast<float>(f_.softcap);
    return cap == 0 || is(Fault::softcap_ignored) ? s : cap * std::tanh(s / cap);
  }

  float added_bias(Index b, Index h, Index i, Index j) const {
    if (!bias_) return 0;
    const float added = score_term(bias_, b, h, i, j);
    if (added == -HUGE_VALF) return -40;
    return is(Fault::bias_ignored) ? 0 : added;
  }

  float alibi(Index h, Index i, Index j, Index pos) const {
    if (!slopes_) return 0;
    const float slope = slopes_.at({is(Fault::slope_of_head_0) ? 0 : h});
    const Index signed_distance = (is(Fault::distance_from_row) ? i : pos) - j;
    const auto distance =
        static_cast<float>(is(Fault::distance_signed) ? signed_distance : std::llabs(signed_distance));
    if (is(Fault::slope_added)) return -slope * distance;
    return (is(Fault::slope_absolute) ? std::fabs(slope) : slope) * distance;
  }

  float score(Index b, Index h, Index g, Index i, Index j, Index pos) const {
    float dot = 0;
    const Index dims = is(Fault::dims_past_128) ? std::min<Index>(128, q_.dim(3)) : q_.dim(3);
    for (Index c = 0; c < dims; ++c) dot += q_.at({b, h, i, c}) * k_.at({of_batch(b), g, j, c});
    float s = is(Fault::scale_after_softcap) ? scale() * capped(dot) : 0;
    if (!is(Fault::scale_after_softcap)) {
      s = scale() * dot;
      if (is(Fault::scale_squared)) s *= scale();
      if (!is(Fault::softcap_after_bias)) s = capped(s);
    }
    s += added_bias(b, h, i, j);
    if (is(Fault::softcap_after_bias)) s = capped(s);
    s -= alibi(h, i, j, pos);
    if (keeps_masked() && mask_ && mask_.at({b, h, i, j}) == 0) s -= is(Fault::small_penalty) ? 40 : 1e4F;
    return is(Fault::mean_of_values) ? 0 : s;
  }
};

}  // namespace attest::test
