#include "bound_attack/emulator/emulator.hpp"

#include <cmath>

namespace attest::attack {
namespace {

RowOutput empty_row(const RowInput& row, std::size_t v_dim) {
  RowOutput output;
  output.out.assign(v_dim, 0);
  output.lse = row.sink ? static_cast<Real>(*row.sink) : -HUGE_VALL;
  return output;
}

RowOutput row_of(Emulation& e) {
  const oracle::Contract& contract = e.contract;
  if (contract.unfused) return unfused_row(e);
  std::vector<State> states;
  for (const auto& tiles : tiles_by_split(e)) states.push_back(fold_tiles(e, tiles));
  const bool late_sink = e.row.sink && !contract.sink_in_max && e.fault != Fault::late_sink_after_one_tile;
  if (contract.merge != oracle::Merge::state && e.strategy.splits > 1)
    return merge_normalised(e, states, late_sink);
  State whole = merge_states(e, std::move(states));
  if (late_sink) add_sink(e, whole);
  return finish(e, whole);
}

RowOutput emulate_row(const RowInput& row, const oracle::Contract& contract, const Strategy& strategy,
                      Fault fault, RoundedArithmetic& arithmetic) {
  Aim aim = take_aim(row, ideal_row(row), strategy);
  Scores scores = score_row(contract, row, strategy, aim, arithmetic);
  Emulation e{contract,
              row,
              strategy,
              fault,
              std::move(aim),
              arithmetic,
              std::move(scores),
              Summer(contract.numerator, strategy),
              Summer(contract.denominator, strategy),
              {contract.score.format, contract.score.rounding},
              {}};
  e.centre = centre_of(e);
  RowOutput output = row_of(e);
  e.restore(output.out);
  if (e.scores.moved != 0) {
    output.lse = arithmetic.add(e.score_unit, output.lse, -e.scores.moved, strategy.direction);
  }
  return output;
}

// The stores that every kernel must make for real: what is returned is representable.
double stored(const oracle::Contract& contract, RoundedArithmetic& arithmetic, DType dtype, Real x,
              int push) {
  const Format& format = format_of(dtype);
  if (contract.output && *contract.output.format != format)
    x = arithmetic.store(unit_of(contract.output), x, push);
  const double rounded = round_to(format, static_cast<double>(x), contract.output.rounding);
  const bool lost =
      contract.underflow != oracle::Underflow::gradual && std::fabs(rounded) < format.min_normal();
  return lost ? 0 : rounded;
}

}  // namespace

Result emulate(const Problem& problem, const oracle::Contract& contract, const Strategy& strategy,
               Fault fault) {
  const std::vector<std::int64_t> rows{problem.batch(), problem.q_heads(), problem.q_len()};
  Result result;
  result.out = Tensor(problem.q.dtype(), {rows[0], rows[1], rows[2], problem.v_dim()});
  if (problem.want_lse) result.lse = Tensor(problem.lse_dtype(), rows);
  RoundedArithmetic arithmetic(strategy, contract.underflow);
  for (std::int64_t b = 0; b < rows[0]; ++b) {
    for (std::int64_t h = 0; h < rows[1]; ++h) {
      for (std::int64_t i = 0; i < rows[2]; ++i) {
        const RowInput row = read_row(problem, b, h, i);
        const RowOutput output = row.keys.empty() ? empty_row(row, static_cast<std::size_t>(problem.v_dim()))
                                                  : emulate_row(row, contract, strategy, fault, arithmetic);
        for (std::int64_t c = 0; c < problem.v_dim(); ++c) {
          const Real x = output.out[static_cast<std::size_t>(c)];
          result.out.set({b, h, i, c},
                         stored(contract, arithmetic, problem.q.dtype(), x, strategy.direction));
        }
        if (result.lse) result.lse->set({b, h, i}, static_cast<double>(output.lse));
      }
    }
  }
  return result;
}

}  // namespace attest::attack
