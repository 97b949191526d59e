#include "faults/kernels/shared_references.hpp"

#include <algorithm>

namespace attest::faults::faulty {

template <class Real>
std::vector<Real> SharedReferences<Real>::maxima(const Scores<Real>& scores, std::int64_t i) const {
  const std::int64_t n = operands_.keys(b_);
  std::vector<Real> highest(static_cast<std::size_t>((n + kTileKeys - 1) / kTileKeys), kNegInf<Real>);
  for (std::int64_t j = 0; j < n; ++j) {
    if (!operands_.sees(b_, h_, i, j)) continue;
    Real& of_tile = highest[static_cast<std::size_t>(j / kTileKeys)];
    of_tile = std::max(of_tile, scores.score(b_, h_, i, j));
  }
  return highest;
}

template <class Real>
void SharedReferences<Real>::plan(Scores<Real>& scores) {
  const std::int64_t end = std::min(first_ + kTileRows, operands_.q_len());
  references_.clear();
  for (std::int64_t i = first_; i < end; ++i) {
    scores.load_query(b_, h_, i);
    references_.push_back(maxima(scores, i));
  }
  std::vector<Real> reference(references_.size(), kNegInf<Real>);
  for (std::size_t t = 0; !references_.empty() && t < references_.front().size(); ++t) {
    bool rises = false;
    for (std::size_t r = 0; r < reference.size(); ++r) {
      rises = rises || references_[r][t] > reference[r] + static_cast<Real>(kLazyNats);
    }
    for (std::size_t r = 0; r < reference.size(); ++r) {
      if (rises && references_[r][t] != kNegInf<Real>) reference[r] = references_[r][t];
      references_[r][t] = reference[r];
    }
  }
}

template <class Real>
const std::vector<Real>& SharedReferences<Real>::of_row(Scores<Real>& scores, std::int64_t b, std::int64_t h,
                                                        std::int64_t i) {
  const std::int64_t first = i - i % kTileRows;
  if (b != b_ || h != h_ || first != first_) {
    b_ = b;
    h_ = h;
    first_ = first;
    plan(scores);
    scores.load_query(b, h, i);
  }
  return references_[static_cast<std::size_t>(i - first)];
}

template class SharedReferences<float>;
template class SharedReferences<double>;

}  // namespace attest::faults::faulty
