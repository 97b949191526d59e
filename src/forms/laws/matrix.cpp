#include "forms/laws/matrix.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "forms/forms/form_list.hpp"
#include "forms/laws/law_run.hpp"
#include "numerics/random_value.hpp"

namespace attest::forms {
namespace {

// Where a cell stands in the matrix.
struct Place {
  std::size_t law, form, world;
};

Cell run_cell(const Place& at, const MatrixOptions& options) {
  static constexpr auto kForms = form_entries();
  const FormLaw& law = form_laws()[at.law];
  const FormEntry& form = kForms.at(at.form);
  const FormWorld& world = *form_worlds()[at.world];
  Cell cell;
  cell.law = law.name;
  cell.form = form.name;
  cell.semantics = world.entry().name;
  std::string_view why = world.why_not(form);
  if (why.empty()) why = law.why_not(form, world.entry());
  if (!why.empty()) {
    cell.status = CellStatus::not_applicable;
    cell.why = why;
    return cell;
  }
  // The same cases in every semantics, other ones for each law and form.
  const std::uint64_t seed = mixed(mixed(mixed(options.seed) + at.law) + at.form);
  const LawRun run = run_law(law, form, world, seed, options.cases);
  cell.cases = run.decided;
  cell.undecided = run.undecided_cases;
  if (run.violation) {
    cell.status = CellStatus::violated;
    cell.why = fmt::format("{}: {}", describe(run.violation->smallest), run.violation->ruling.why);
  } else if (run.decided == 0) {
    cell.status = CellStatus::not_applicable;
    cell.why = fmt::format("no case is decisive: {}", run.undecided);
  }
  return cell;
}

std::vector<Place> all_places() {
  std::vector<Place> places;
  for (std::size_t law = 0; law < form_laws().size(); ++law) {
    for (std::size_t form = 0; form < std::tuple_size_v<FormList>; ++form) {
      for (std::size_t world = 0; world < form_worlds().size(); ++world) places.push_back({law, form, world});
    }
  }
  return places;
}

}  // namespace

std::string_view name_of(CellStatus status) {
  switch (status) {
    case CellStatus::held:
      return "held";
    case CellStatus::violated:
      return "violated";
    case CellStatus::not_applicable:
      return "not applicable";
  }
  return "";
}

std::vector<Cell> run_matrix(const MatrixOptions& options) {
  const std::vector<Place> places = all_places();
  std::vector<Cell> cells(places.size());
  std::atomic<std::size_t> next{0};
  std::int64_t done = 0;
  std::mutex progress;
  const auto work = [&] {
    for (std::size_t i = next++; i < places.size(); i = next++) {
      cells[i] = run_cell(places[i], options);
      const std::lock_guard lock(progress);
      ++done;
      if (options.progress) options.progress(done, static_cast<std::int64_t>(places.size()));
    }
  };
  std::vector<std::jthread> others;
  for (int job = 1; job < options.jobs; ++job) others.emplace_back(work);
  work();
  others.clear();
  return cells;
}

std::vector<MatrixName> matrix_forms() {
  std::vector<MatrixName> names;
  for (const FormEntry& form : form_entries()) names.push_back({form.name, form.meaning});
  return names;
}

std::vector<MatrixName> matrix_semantics() {
  std::vector<MatrixName> names;
  for (const auto& world : form_worlds()) names.push_back({world->entry().name, world->entry().meaning});
  return names;
}

std::vector<MatrixLaw> matrix_laws() { return {form_laws().begin(), form_laws().end()}; }

}  // namespace attest::forms
