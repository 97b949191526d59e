// FormWorld for a meaning W of numbers: runs the forms in W's semantics and puts their outputs to W.
//
// A meaning W has
//   A                                    the semantics
//   kEntry                               its SemanticsEntry
//   semantics(row)                       an A, for a run of that case
//   why_not(row, form)                   empty when it can judge the form on that case, else why it cannot
//   numbers(row)                         the case as FormInput<A>
//   definition(seen), total(seen), total_moves(from, to, copies, shift), sum(terms, claim),
//   within(seen, low, high)              a Ruling each, on results as Seen<A>
// and sees every form through its entry only.
#pragma once

#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "forms/forms/form_list.hpp"
#include "forms/worlds/form_world.hpp"

namespace attest::forms {

/// A finished row, and the case that it is the result of.
template <semantics::Semantics A>
struct Seen {
  RowCase row;
  const FormEntry* form = nullptr;
  std::optional<Finished<A>> finished;  ///< none: no key was visible
};

template <semantics::Semantics A>
struct SeenTerm {
  const Seen<A>* seen;
  int coefficient;
};

/// A statement asks for what is not there.
struct NothingToJudge : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How a form is run in W's semantics: as it is. Tests plant faults here.
struct AsWritten {
  template <class F, class W>
  FinishedRows<typename W::A> rows(const W& world, const RowCase& row,
                                   const FormInput<typename W::A>& input) const {
    return F::rows(world.semantics(row), input, F::plan(row.keys.size(), row.choices));
  }
};

template <class W, class Runner = AsWritten>
class WorldOf : public FormWorld {
 public:
  using A = typename W::A;

  explicit WorldOf(Runner runner = {}) : runner_(std::move(runner)) {}

  const SemanticsEntry& entry() const override { return W::kEntry; }

  std::string_view why_not(const FormEntry& form) const override {
    bool runs = false;
    with_form(form.name, [&](auto f) { runs = decltype(f)::template kRunsIn<A>; });
    if (runs) return "";
    switch (form.needs) {
      case FormNeeds::guards:
        return "the semantics has no score of weight zero";
      case FormNeeds::thresholds:
        return "the semantics cannot compare scores with a threshold";
      case FormNeeds::log_sum_exp:
        return "the semantics has no logarithm";
      case FormNeeds::matrices:
        return "Eigen's matrices do not hold such numbers";
      case FormNeeds::nothing:
        break;
    }
    return "the form does not run in this semantics";
  }

  Ruling examine(std::string_view form, const FormStatement& statement) const override {
    try {
      std::vector<std::vector<Seen<A>>> runs;
      for (const FormRun& run : statement.runs) {
        runs.push_back(see(run.form.empty() ? form : run.form, run));
      }
      Ruling ruling;
      for (const FormClaim& claim : statement.claims) {
        ruling = worse(std::move(ruling), judge_claim(claim, runs));
        if (ruling.decision == Decision::violated) break;
      }
      return ruling;
    } catch (const NothingToJudge& e) {
      return {Decision::undecided, e.what()};
    } catch (const std::domain_error& e) {  // a finite field's zero divisor: once in 2^50 cases
      return {Decision::undecided, e.what()};
    } catch (const std::overflow_error& e) {  // a rational's
      return {Decision::violated, e.what()};
    }
  }

 private:
  using Runs = std::vector<std::vector<Seen<A>>>;

  std::vector<Seen<A>> see(std::string_view name, const FormRun& run) const {
    std::vector<Seen<A>> seen;
    with_form(name, [&](auto f) {
      using F = decltype(f);
      if constexpr (F::template kRunsIn<A>) {
        static constexpr FormEntry kForm = F::kEntry;
        const std::string_view why = world_.why_not(run.row, kForm);
        if (!why.empty()) throw NothingToJudge(std::string(why));
        auto input = world_.numbers(run.row);
        input.rows = run.rows;
        auto rows = runner_.template rows<F>(world_, run.row, input);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const std::size_t back = rows.size() - 1 - i;
          seen.push_back({earlier_row(run.row, back), &kForm, std::move(rows[i])});
        }
      }
    });
    return seen;
  }

  static const Seen<A>& find(const Runs& runs, const RowRef& ref) {
    const auto& rows = runs.at(ref.run);
    if (ref.back >= rows.size()) throw NothingToJudge("the case has fewer rows");
    return rows[rows.size() - 1 - ref.back];
  }

  Ruling judge_claim(const FormClaim& claim, const Runs& runs) const {
    return std::visit([&](const auto& c) { return judged(c, runs); }, claim);
  }
  Ruling judged(const IsDefinition& c, const Runs& runs) const {
    return world_.definition(find(runs, c.row));
  }
  Ruling judged(const TotalIsDefinition& c, const Runs& runs) const {
    return world_.total(find(runs, c.row));
  }
  Ruling judged(const TotalMoves& c, const Runs& runs) const {
    return world_.total_moves(find(runs, c.from), find(runs, c.to), c.copies, c.shift);
  }
  Ruling judged(const SumIs& c, const Runs& runs) const {
    std::vector<SeenTerm<A>> terms;
    for (const OutputTerm& term : c.terms) terms.push_back({&find(runs, term.row), term.coefficient});
    return world_.sum(terms, c);
  }
  Ruling judged(const IsWithin& c, const Runs& runs) const {
    return world_.within(find(runs, c.row), c.low, c.high);
  }

  W world_;
  Runner runner_;
};

/// The channels that a claim about a sum is about.
inline std::vector<std::size_t> channels_of(const SumIs& claim, const RowCase& row) {
  std::vector<std::size_t> channels;
  for (std::size_t c = 0; c < row.channels; ++c) {
    if (claim.channel < 0 || static_cast<std::size_t>(claim.channel) == c) channels.push_back(c);
  }
  return channels;
}

inline Ruling violation(std::string why) { return {Decision::violated, std::move(why)}; }

}  // namespace attest::forms
