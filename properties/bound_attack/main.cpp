// attest_bound_attack --json FILE: attacks the certified bound and writes what was reached. Exit code 1 when
// a kernel that keeps its contract was called wrong, or one that breaks it was not.
#include <cstdio>
#include <exception>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bound_attack/search/figures_json.hpp"

namespace attest::attack {
namespace {

Figures run(const std::string& text, const Plan& plan, std::uint64_t seed) {
  const oracle::Contract contract = oracle::parse_contract(text);
  Figures figures = attack_contract(contract, plan.few, plan.many, seed);
  if (plan.climb_steps > 0) climb(figures, contract, plan.climb_steps, seed);
  fmt::print("{}\n", summary(figures));
  for (const std::string& violation : figures.violations) fmt::print("  {}\n", violation);
  return figures;
}

int attack_all(const std::string& file, std::uint64_t seed) {
  nlohmann::json report{
      {"schema", "attest.bound-attack/1"}, {"version", ATTEST_VERSION}, {"seed", seed}, {"effort", effort()}};
  std::int64_t judged = 0;
  std::int64_t violated = 0;
  const auto add = [&](const char* group, const Figures& figures) {
    report[group].push_back(to_json(figures));
    judged += figures.out.total();
    violated += figures.out.violated + figures.lse.violated;
  };
  for (const std::string_view preset : oracle::contract_presets()) {
    add("presets", run(std::string(preset), plan_for_preset(std::string(preset)), seed));
  }
  for (const std::string& text : attacked_overrides()) {
    add("overrides", run(text, plan_for_override(text), seed));
  }
  std::int64_t missed = 0;
  for (const Twin& twin : twins()) {
    const Detection detection = detect(twin, kDetectionBudget, seed);
    missed += detection.case_number < 0 ? 1 : 0;
    report["twins"].push_back(to_json(twin, detection));
  }
  report["outputs_judged"] = judged;
  report["violations"] = violated;
  report["twins_missed"] = missed;
  fmt::print("{} outputs judged, {} violations, {} of {} twins missed\n", judged, violated, missed,
             twins().size());
  if (!file.empty()) std::ofstream(file) << report.dump(2) << '\n';
  return violated > 0 || missed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace attest::attack

int main(int argc, char** argv) try {
  CLI::App app("Attacks the certified error bound with emulated kernels; ATTEST_EFFORT scales the counts.");
  std::string file;
  std::uint64_t seed = attest::attack::kSeed;
  app.add_option("--json", file, "write the figures here");
  app.add_option("--seed", seed, "seed of every choice");
  CLI11_PARSE(app, argc, argv);
  return attest::attack::attack_all(file, seed);
} catch (const std::exception& error) {
  std::fprintf(stderr, "attest_bound_attack: %s\n", error.what());
  return 70;
}
