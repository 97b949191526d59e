// What a kernel reads: lengths, positions, which keys a row sees, and its own copies of keys and values.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/kernels/addresses.hpp"
#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {

/// Nearest even; what is too large becomes the largest number.
double narrowed(double x, Narrow to);

class Operands {
 public:
  Operands(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic = {})
      : p_(problem), fault_(fault), a_(arithmetic), addresses_(problem, fault) {}

  std::int64_t q_len() const { return p_.q->shape[2]; }
  std::int64_t kv_len() const { return p_.k->shape[2]; }
  /// Keys of batch b that exist.
  std::int64_t keys(std::int64_t b) const;
  std::int64_t position(std::int64_t b, std::int64_t i) const;
  std::int64_t kv_head(std::int64_t h) const;
  /// Without the test against the number of keys.
  bool sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const;
  /// Whether the window hides key j because it is too far to the left.
  bool left_of_window(std::int64_t b, std::int64_t i, std::int64_t j) const;
  double bias(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const;

  /// The channels of a query row that meet keys.
  void load_query(std::int64_t b, std::int64_t h, std::int64_t i, std::vector<double>& to) const;
  /// Loads the keys and values [kv_len, dim] of a batch and key/value head, unless they are the latest.
  void stage(std::int64_t b, std::int64_t g);
  const double* key(std::int64_t j) const { return keys_.data() + j * p_.k->shape[3]; }
  const double* value(std::int64_t j) const { return values_.data() + j * p_.v->shape[3]; }

 private:
  bool causal_sees(std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t pos) const;
  bool loses_own_key(std::int64_t n, std::int64_t i, std::int64_t pos) const;
  bool mask_sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const;
  std::int64_t score_channels() const;
  bool tf32_products() const;
  void load_row(const DLTensor& t, std::int64_t b, std::int64_t g, std::int64_t j,
                std::vector<double>& to) const;
  void spoil_copies(std::int64_t n);

  const attest_forward& p_;
  KernelFault fault_;
  Arithmetic a_;
  Addresses addresses_;
  std::int64_t staged_b_ = -1, staged_g_ = -1;
  std::vector<double> keys_, values_;
};

}  // namespace attest::faults::faulty
