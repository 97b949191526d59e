// Faults planted in the running of a form; the form, the law and the judgement stay as they are.
#pragma once

#include "forms/worlds/examine.hpp"
#include "semantics/faulty.hpp"

namespace attest::properties {

/// A fault of arithmetic (semantics/fault.hpp): the same form in a semantics that computes something else.
struct PlantedArithmetic {
  semantics::ArithmeticFault fault = semantics::ArithmeticFault::none;

  template <class F, class W>
  forms::FinishedRows<typename W::A> rows(const W& world, const forms::RowCase& row,
                                          const forms::FormInput<typename W::A>& input) const {
    using A = typename W::A;
    using Wrong = semantics::Faulty<A>;
    if constexpr (!F::template kRunsIn<Wrong>) {
      throw forms::NothingToJudge("no arithmetic of a semantics to plant a fault in");
    } else {
      return wrong_rows<F, Wrong>(world, row, input);
    }
  }

 private:
  template <class F, class Wrong, class W, class A = typename W::A>
  forms::FinishedRows<A> wrong_rows(const W& world, const forms::RowCase& row,
                                    const forms::FormInput<A>& input) const {
    const A right = world.semantics(row);
    forms::FormInput<Wrong> wrong_input{input.scores,    {},        input.visible, input.tau,
                                        input.past_tile, input.rows};
    for (const auto& value : input.values) {
      wrong_input.values.emplace_back();
      for (const auto& x : value) wrong_input.values.back().push_back({x});
    }
    forms::FinishedRows<A> rows;
    for (auto& finished : F::rows(Wrong(right, fault), wrong_input, F::plan(row.keys.size(), row.choices))) {
      rows.emplace_back();
      if (!finished) continue;
      rows.back() = forms::Finished<A>{{}, finished->m, finished->l.value};
      for (const auto& x : finished->output) rows.back()->output.push_back(x.value);
    }
    return rows;
  }
};

/// Faults of the code around the arithmetic.
enum class Slip : std::uint8_t {
  none,
  key_counted_twice,   ///< each split or tile but the first begins one key early
  key_lost,            ///< each split or tile but the last ends one key early
  mask_ignored,        ///< masked keys count
  mask_too_wide,       ///< causal prefill lets each row see the next key
  misses_itself,       ///< a decoded token does not see its own key
  numerator_not_zero,  ///< what was in the numerator's memory, here 1, is counted
  channels_overlap,    ///< the first channel is overwritten by the last
};

struct PlantedSlip {
  Slip slip = Slip::none;

  template <class F, class W>
  forms::FinishedRows<typename W::A> rows(const W& world, const forms::RowCase& row,
                                          forms::FormInput<typename W::A> input) const {
    const auto k = world.semantics(row);
    if (slip == Slip::mask_ignored) input.visible.assign(input.visible.size(), true);
    if constexpr (std::is_same_v<F, forms::PrefillForm>) {
      if (slip == Slip::mask_too_wide) return wide_prefill(k, input);
    }
    if constexpr (std::is_same_v<F, forms::DecodeForm>) {
      if (slip == Slip::misses_itself) return decode_of_others(k, input);
    }
    auto rows = F::rows(k, input, moved(F::plan(row.keys.size(), row.choices), true, true));
    for (auto& finished : rows) {
      if (finished) spoil(k, *finished);
    }
    return rows;
  }

 private:
  attention::Schedule moved(attention::Schedule schedule, bool first, bool last) const {
    if (schedule.parts.empty() && schedule.begin < schedule.end) {
      if (slip == Slip::key_counted_twice && !first) --schedule.begin;
      if (slip == Slip::key_lost && !last) --schedule.end;
    }
    for (std::size_t i = 0; i < schedule.parts.size(); ++i) {
      const bool is_last = i + 1 == schedule.parts.size();
      schedule.parts[i] = moved(schedule.parts[i], first && i == 0, last && is_last);
    }
    return schedule;
  }

  template <semantics::Semantics A>
  void spoil(const A& k, forms::Finished<A>& finished) const {
    if (slip == Slip::numerator_not_zero) {
      for (auto& x : finished.output) x = k.add(x, k.div(k.one(), finished.l));
    }
    if (slip == Slip::channels_overlap) finished.output.front() = finished.output.back();
  }

  template <semantics::Semantics A>
  static forms::FinishedRows<A> wide_prefill(const A& k, const forms::FormInput<A>& input) {
    const forms::CausalInput<A> causal(input);
    const std::size_t keys = causal.tokens.size();
    const auto offset = static_cast<std::ptrdiff_t>(keys - causal.rows) + 1;
    forms::FinishedRows<A> rows;
    for (const auto& state : prefill(k, causal.rows, attention::CausalMask{offset},
                                     attention::sequential(keys), causal, causal.values)) {
      rows.push_back(forms::finished(k, state));
    }
    return rows;
  }

  template <semantics::Semantics A>
  static forms::FinishedRows<A> decode_of_others(const A& k, const forms::FormInput<A>& input) {
    const forms::CausalInput<A> causal(input);
    forms::FinishedRows<A> rows;
    for (std::size_t t = causal.tokens.size() - causal.rows; t < causal.tokens.size(); ++t) {
      rows.push_back(forms::finished(k, run(k, attention::sequential(t), causal.scores, causal.values)));
    }
    return rows;
  }
};

}  // namespace attest::properties
