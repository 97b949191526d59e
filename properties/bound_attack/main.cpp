// attest_bound_attack --json FILE: attacks the certified bound and writes what was reached. Exit code 1 when
// a kernel that keeps its contract was called wrong, or one that breaks it was not.
//
// attest_bound_attack --preset-outputs 1000000 --override-outputs 100000 is the full size.
#include <cstdio>
#include <exception>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bound_attack/search/figures_json.hpp"

namespace attest::attack {
namespace {

struct Wanted {
  std::string file;
  std::size_t part = 0, parts = 1;                        ///< of the contracts, each n-th
  std::int64_t preset_outputs = 0, override_outputs = 0;  ///< at least, of each
  bool twins = true;
  std::uint64_t seed = kSeed;
};

Figures run(const std::string& text, const Plan& plan, std::int64_t outputs, std::uint64_t seed) {
  const oracle::Contract contract = oracle::parse_contract(text);
  Figures figures = attack_until(contract, plan.few, plan.many, outputs, seed);
  if (plan.climb_steps > 0) climb(figures, contract, plan.climb_steps, seed);
  fmt::print("{}\n", summary(figures));
  std::fflush(stdout);
  for (const std::string& violation : figures.violations) fmt::print("  {}\n", violation);
  return figures;
}

int attack_all(const Wanted& wanted) {
  const std::uint64_t seed = wanted.seed;
  nlohmann::json report{
      {"schema", "attest.bound-attack/1"}, {"version", ATTEST_VERSION}, {"seed", seed}, {"effort", effort()}};
  std::int64_t judged = 0;
  std::int64_t violated = 0;
  std::int64_t far = 0;
  const auto add = [&](const char* group, const Figures& figures) {
    report[group].push_back(to_json(figures));
    judged += figures.out.total();
    far += figures.out_peak.best() > 0.5 ? 0 : 1;
    violated += figures.out.violated + figures.lse.violated;
  };
  std::size_t number = 0;
  const auto asked = [&] { return number++ % wanted.parts == wanted.part; };
  for (const std::string_view preset : oracle::contract_presets()) {
    const std::string text(preset);
    if (asked()) add("presets", run(text, plan_for_preset(text), wanted.preset_outputs, seed));
  }
  for (const std::string& text : attacked_overrides()) {
    if (asked()) add("overrides", run(text, plan_for_override(text), wanted.override_outputs, seed));
  }
  const std::vector<Twin> none;
  const std::vector<Twin>& asked_twins = wanted.twins ? twins() : none;
  std::int64_t missed = 0;
  for (const Twin& twin : asked_twins) {
    const Detection detection = detect(twin, kDetectionBudget, seed);
    missed += detection.case_number < 0 ? 1 : 0;
    report["twins"].push_back(to_json(twin, detection));
  }
  report["outputs_judged"] = judged;
  report["violations"] = violated;
  report["twins_missed"] = missed;
  fmt::print("{} outputs judged, {} violations, {} of {} twins missed; half of the bound not reached: {}\n",
             judged, violated, missed, asked_twins.size(), far == 0 ? "none" : std::to_string(far));
  if (!wanted.file.empty()) std::ofstream(wanted.file) << report.dump(2) << '\n';
  return violated > 0 || missed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace attest::attack

int main(int argc, char** argv) try {
  CLI::App app("Attacks the certified error bound with emulated kernels; ATTEST_EFFORT scales the counts.");
  attest::attack::Wanted wanted;
  app.add_option("--json", wanted.file, "write the figures here");
  app.add_option("--seed", wanted.seed, "seed of every choice");
  app.add_option("--parts", wanted.parts, "attack each N-th contract only, to divide a long run")
      ->check(CLI::PositiveNumber);
  app.add_option("--part", wanted.part, "the first of them, from 0");
  app.add_option("--preset-outputs", wanted.preset_outputs, "judge at least so many outputs of each preset");
  app.add_option("--override-outputs", wanted.override_outputs, "and so many of each override");
  app.add_flag("!--no-twins", wanted.twins, "attack only kernels that keep their contract");
  CLI11_PARSE(app, argc, argv);
  return attest::attack::attack_all(wanted);
} catch (const std::exception& error) {
  std::fprintf(stderr, "attest_bound_attack: %s\n", error.what());
  return 70;
}
