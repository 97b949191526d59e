// One row of attention, tile by tile, in one kind of number.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "faults/kernels/numbers.hpp"
#include "faults/kernels/operands.hpp"
#include "faults/kernels/scores.hpp"
#include "faults/kernels/shared_references.hpp"
#include "faults/kernels/state.hpp"

namespace attest::faults::faulty {

template <class Real>
class RowPass : Numbers<Real> {
 public:
  RowPass(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic,
          const Operands& operands)
      : Numbers<Real>(fault, arithmetic),
        p_(problem),
        operands_(operands),
        row_(problem, fault, arithmetic, operands),
        states_(problem, fault, arithmetic),
        references_(operands) {}

  /// The row's result. Its keys and values are staged in the operands. out has v_dim elements.
  void run(std::int64_t b, std::int64_t h, std::int64_t i, std::vector<Real>& out, Real& lse);

 private:
  using Numbers<Real>::a_;
  using Numbers<Real>::is;
  using Numbers<Real>::kept;
  using Numbers<Real>::accumulated;
  using Numbers<Real>::exponential;
  using Numbers<Real>::sum;

  void scores_of_tile(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t first, std::int64_t n);
  bool reads_hidden(std::int64_t b, std::int64_t i, std::int64_t j, std::int64_t n) const;
  void rescale(State<Real>& state, Real highest) const;
  void refer_to(State<Real>& state, Real reference) const;
  void add_tile(State<Real>& state);
  void add_values(State<Real>& state);
  void round_weights();
  Real rounded_by_chance(Real x, bool f16);
  void set_centre(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n);
  void add_leak(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n, std::vector<Real>& out) const;
  State<Real> all_keys(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t n, bool& first_empty);
  void tile(State<Real>& state, std::int64_t number);
  State<Real> split(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t begin, std::int64_t end,
                    std::int64_t n);

  const attest_forward& p_;
  const Operands& operands_;
  Scores<Real> row_;
  States<Real> states_;
  SharedReferences<Real> references_;
  std::int64_t split_count_ = 1;
  std::optional<Real> fixed_;  // a reference that is no maximum
  std::vector<Real> centre_;   // of the row's values, where they are centred
  std::uint64_t chance_ = 0;
  std::vector<Real> references_of_row_;  // by tile, where rows share their decisions
  std::vector<std::int64_t> at_;         // keys of the tile ...
  std::vector<Real> scores_;             // ... and their scores
  std::vector<Real> weights_, terms_;
};

extern template class RowPass<float>;
extern template class RowPass<double>;

}  // namespace attest::faults::faulty
