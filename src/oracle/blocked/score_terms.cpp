#include "oracle/blocked/score_terms.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "oracle/blocked/rounding.hpp"
#include "oracle/definition/head_terms.hpp"

namespace attest::oracle::blocked {
namespace {

const Tensor* pointer_to(const std::optional<Tensor>& tensor) { return tensor ? &*tensor : nullptr; }

// One row of a [batch|1, q_heads|1, q_len|1, kv_len] tensor.
template <class T>
class TensorRow {
 public:
  TensorRow(const Tensor* tensor, std::int64_t b, std::int64_t h, std::int64_t i) {
    if (tensor == nullptr) return;
    const auto offset = [&](std::size_t axis, std::int64_t index) {
      return tensor->dim(axis) == 1 ? 0 : index * tensor->strides()[axis];
    };
    step_ = tensor->dim(3) == 1 ? 0 : tensor->strides()[3] * static_cast<std::int64_t>(sizeof(T));
    data_ =
        tensor->data() + (offset(0, b) + offset(1, h) + offset(2, i)) * static_cast<std::int64_t>(sizeof(T));
  }
  explicit operator bool() const { return data_ != nullptr; }
  T operator[](std::int64_t j) const {
    T value{};
    std::memcpy(&value, data_ + j * step_, sizeof(T));
    return value;
  }

 private:
  const std::byte* data_ = nullptr;
  std::int64_t step_ = 0;
};

// Biases are f32, and f64 in captures that are.
class BiasRow {
 public:
  BiasRow(const Tensor* tensor, std::int64_t b, std::int64_t h, std::int64_t i)
      : wide_(tensor != nullptr && tensor->dtype() == DType::f64),
        narrow_values_(wide_ ? nullptr : tensor, b, h, i),
        wide_values_(wide_ ? tensor : nullptr, b, h, i) {}
  explicit operator bool() const { return wide_values_ || narrow_values_; }
  double operator[](std::int64_t j) const {
    return wide_ ? wide_values_[j] : static_cast<double>(narrow_values_[j]);
  }

 private:
  bool wide_;
  TensorRow<float> narrow_values_;
  TensorRow<double> wide_values_;
};

}  // namespace

ScoreTerms::ScoreTerms(const Problem& problem, std::int64_t b, std::int64_t h)
    : problem_(problem), b_(b), h_(h), slope_(head_terms(problem, h).slope) {}

RowTerms ScoreTerms::row(std::int64_t i) const {
  RowTerms row;
  row.range = key_range(problem_, b_, i);
  row.visible = row.range.end - row.range.begin;
  row.position = static_cast<double>(position_of(problem_, b_, i));
  const BiasRow bias(pointer_to(problem_.bias), b_, h_, i);
  const TensorRow<std::uint8_t> mask(pointer_to(problem_.mask), b_, h_, i);
  if (bias || mask) row.visible = 0;
  for (std::int64_t j = row.range.begin; (bias || mask) && j < row.range.end; ++j) {
    const double added = bias ? bias[j] : 0;
    if ((mask && mask[j] == 0) || added == -HUGE_VAL) continue;
    ++row.visible;
    row.bias_abs = std::max(row.bias_abs, std::fabs(added));
    row.bias_above = std::max(row.bias_above, added);
  }
  if (problem_.alibi_slopes && row.visible > 0) {
    row.distance = std::max(std::fabs(row.position - static_cast<double>(row.range.begin)),
                            std::fabs(row.position - static_cast<double>(row.range.end - 1)));
    row.alibi_abs = up(std::fabs(slope_) * row.distance);
    row.alibi_above = slope_ < 0 ? row.alibi_abs : 0;
  }
  return row;
}

void ScoreTerms::apply(std::int64_t i, const RowTerms& row, std::int64_t begin, std::int64_t n,
                       double invisible, double* s, double* terms) const {
  const std::int64_t first = std::clamp<std::int64_t>(row.range.begin - begin, 0, n);
  const std::int64_t last = std::clamp<std::int64_t>(row.range.end - begin, first, n);
  std::fill(s, s + first, invisible);
  std::fill(s + last, s + n, invisible);
  if (!any() && !problem_.mask) return;
  if (any()) std::fill(terms, terms + n, 0.0);
  const BiasRow bias(pointer_to(problem_.bias), b_, h_, i);
  const TensorRow<std::uint8_t> mask(pointer_to(problem_.mask), b_, h_, i);
  for (std::int64_t j = first; j < last; ++j) {
    const double added = bias ? bias[begin + j] : 0;
    if ((mask && mask[begin + j] == 0) || added == -HUGE_VAL) {
      s[j] = invisible;
      continue;
    }
    const double alibi = slope_ * std::fabs(row.position - static_cast<double>(begin + j));
    if (any()) {
      s[j] = (s[j] + added) - alibi;
      terms[j] = std::fabs(added) + std::fabs(alibi);
    }
  }
}

void ScoreTerms::exact(std::int64_t i, const RowTerms& row, std::int64_t begin, std::int64_t n, double* bias,
                       double* distance) const {
  const std::int64_t first = std::clamp<std::int64_t>(row.range.begin - begin, 0, n);
  const std::int64_t last = std::clamp<std::int64_t>(row.range.end - begin, first, n);
  std::fill(bias, bias + first, -HUGE_VAL);
  std::fill(bias + first, bias + last, 0.0);
  std::fill(bias + last, bias + n, -HUGE_VAL);
  const BiasRow added(pointer_to(problem_.bias), b_, h_, i);
  const TensorRow<std::uint8_t> mask(pointer_to(problem_.mask), b_, h_, i);
  for (std::int64_t j = first; (added || mask) && j < last; ++j) {
    if (added) bias[j] = added[begin + j];
    if (mask && mask[begin + j] == 0) bias[j] = -HUGE_VAL;
  }
  for (std::int64_t j = 0; problem_.alibi_slopes && j < n; ++j) {
    distance[j] = std::fabs(row.position - static_cast<double>(begin + j));
  }
}

}  // namespace attest::oracle::blocked
