#include "forms/laws/law_run.hpp"

#include "numerics/random_value.hpp"

namespace attest::forms {
namespace {

Violation shrunken(const FormLaw& law, const FormEntry& form, const FormWorld& world, RowCase row,
                   Ruling ruling) {
  Violation violation{std::move(row), std::move(ruling)};
  rc::Seq<RowCase> simpler = shrinks_of(violation.smallest);
  while (auto candidate = simpler.next()) {
    Ruling next = rule(law, form, world, *candidate);
    if (next.decision != Decision::violated) continue;
    violation = {std::move(*candidate), std::move(next)};
    simpler = shrinks_of(violation.smallest);
  }
  return violation;
}

}  // namespace

Ruling rule(const FormLaw& law, const FormEntry& form, const FormWorld& world, const RowCase& row) {
  const std::optional<FormStatement> statement = law.state(row, form, world.entry());
  if (!statement) return {Decision::undecided, "the law does not apply to such rows"};
  return world.examine(form.name, *statement);
}

LawRun run_law(const FormLaw& law, const FormEntry& form, const FormWorld& world, std::uint64_t seed,
               std::int64_t cases) {
  LawRun run;
  for (std::int64_t i = 0; i < cases; ++i) {
    Draw draw{rc::Random(mixed(seed + static_cast<std::uint64_t>(i)))};
    RowCase row = draw_row(draw);
    Ruling ruling = rule(law, form, world, row);
    if (ruling.decision == Decision::undecided) {
      ++run.undecided_cases;
      run.undecided = std::move(ruling.why);
      continue;
    }
    ++run.decided;
    if (ruling.decision == Decision::held) continue;
    run.violation = shrunken(law, form, world, std::move(row), std::move(ruling));
    break;
  }
  return run;
}

}  // namespace attest::forms
