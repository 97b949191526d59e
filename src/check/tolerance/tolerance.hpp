// Tolerances for tests of attention: what the certified bound comes to for one shape.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "problem/problem.hpp"

namespace attest::check {

struct ToleranceQuery {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, qk_dim = 1, v_dim = 1;
  DType q = DType::f32, kv = DType::f32;
  Causal causal = Causal::none;
  std::string contract;    ///< as for contract_for; empty: assumed
  std::uint64_t seed = 1;  ///< of the inputs
  std::int64_t draws = 3;  ///< problems of normal inputs
  std::int64_t rows = 64;  ///< judged of each problem
};

/// |got - expected| <= atol + rtol |expected|
struct Tolerance {
  double atol = 0, rtol = 0;
  double at(double expected) const { return atol + rtol * (expected < 0 ? -expected : expected); }
};

/// One output of a drawn problem.
struct BoundedOutput {
  double expected = 0;
  double bound = 0;     ///< how far a correct kernel may be from it
  double rounding = 0;  ///< what may lean and four sigmas of the noise model, at most the bound
  double unfused = 0;   ///< error of attention that rounds scores, P and output to the type of q
};

struct ToleranceStudy {
  std::string contract;  ///< as text
  bool declared = false;
  std::vector<BoundedOutput> outputs;
  /// Outputs whose bound says nothing, or where a correct kernel may overflow.
  std::int64_t without_bound = 0;

  // The functions below are about `outputs`, of which there must be one at least.

  /// rtol is the unit roundoff of the output's type, which every output meets; atol the least with it that
  /// no correct kernel fails on these inputs, against the exact result.
  Tolerance suggested(DType out) const;
  double largest_bound() const;
  double median_bound() const;
  double largest_rounding() const;
  /// Twice the largest error of unfused attention in the type of q: what FlashAttention's tests allow.
  double twice_unfused() const;
};

/// Draws q, k and v from a normal distribution (scale 1/sqrt(qk_dim)) and certifies a sample of rows. Throws
/// ContractError.
ToleranceStudy study_tolerance(const ToleranceQuery& query);

/// A tolerance against the bound of the outputs, of which there must be one at least.
struct ToleranceComparison {
  double below = 0;            ///< share of outputs whose bound it is below: a correct kernel may fail there
  double below_rounding = 0;   ///< share where it is below four sigmas of rounding
  double least = 0, most = 0;  ///< tolerance / bound over the outputs
};
ToleranceComparison compare(const ToleranceStudy& study, const Tolerance& tolerance);

}  // namespace attest::check
