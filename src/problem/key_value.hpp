// Keys and values by row, whatever their layout and type in memory.
#pragma once

#include <cstdint>

#include "problem/problem.hpp"

namespace attest {

/// How many numbers a row of a tensor of rank 4 has; one where the rank is 3.
inline std::int64_t row_size(const Tensor& tensor) { return tensor.rank() == 4 ? tensor.dim(3) : 1; }

/// Decodes row [b, head, row] of a tensor of rank 3 or 4 into to[0, row_size(tensor)).
void load_row(const Tensor& tensor, std::int64_t b, std::int64_t head, std::int64_t row, double* to);

/// A view of a problem's keys and values. The problem must outlive it.
class KeyValue {
 public:
  explicit KeyValue(const Problem& problem) : k_(&problem.k), v_(&problem.v) {}

  /// Key j of a key/value head, decoded into to[0, qk_dim).
  void load_key(std::int64_t b, std::int64_t kv_head, std::int64_t j, double* to) const {
    load_row(*k_, b, kv_head, j, to);
  }
  /// The same of its value, into to[0, v_dim).
  void load_value(std::int64_t b, std::int64_t kv_head, std::int64_t j, double* to) const {
    load_row(*v_, b, kv_head, j, to);
  }
  /// One channel.
  double key(std::int64_t b, std::int64_t kv_head, std::int64_t j, std::int64_t channel) const {
    return k_->at({b, kv_head, j, channel});
  }
  double value(std::int64_t b, std::int64_t kv_head, std::int64_t j, std::int64_t channel) const {
    return v_->at({b, kv_head, j, channel});
  }

 private:
  const Tensor* k_;
  const Tensor* v_;
};

/// Stores one channel of a key or value, rounded to its type. Where rows share storage, all of them change.
inline void set_key(Problem& problem, std::int64_t b, std::int64_t kv_head, std::int64_t j,
                    std::int64_t channel, double x) {
  problem.k.set({b, kv_head, j, channel}, x);
}
inline void set_value(Problem& problem, std::int64_t b, std::int64_t kv_head, std::int64_t j,
                      std::int64_t channel, double x) {
  problem.v.set({b, kv_head, j, channel}, x);
}

}  // namespace attest
