// attest_noise_calibration: what the probabilistic alarm reads on emulated kernels, as Markdown tables. Exit
// code 1 when a correct kernel rings, or a faulty one that is known to ring does not.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "noise/trial.hpp"

namespace attest::attack {
namespace {

bool as_known(const TrialKernel& kernel, const Reading& r) {
  if (kernel.correct()) return r.alarm.outputs() > 0 && r.alarm.suspicions().empty();
  return (!kernel.single_rings || r.single_after >= 0) && (!kernel.bias_rings || r.bias_after >= 0);
}

int run(const std::vector<TrialKernel>& kernels, const std::string& only, int problems, std::uint64_t seed,
        bool where) {
  fmt::print("{}", table_header());
  std::size_t read_kernels = 0;
  std::size_t surprises = 0;
  for (const TrialKernel& kernel : kernels) {
    if (!only.empty() && kernel.name.find(only) == std::string::npos) continue;
    const Reading reading = read(kernel, problems, seed);
    fmt::print("{}\n", table_row(kernel, reading));
    if (kernel.correct()) {
      for (const std::string& why : reading.alarm.suspicions()) fmt::print("  {}\n", why);
    }
    if (where) fmt::print("  {}\n", largest_text(reading));
    std::fflush(stdout);
    ++read_kernels;
    if (!as_known(kernel, reading)) ++surprises;
  }
  if (read_kernels == 0)
    fmt::print(stderr, "attest_noise_calibration: no kernel's name contains '{}'\n", only);
  return read_kernels == 0 ? 64 : (surprises > 0 ? 1 : 0);
}

}  // namespace
}  // namespace attest::attack

int main(int argc, char** argv) try {
  CLI::App app("Measures the probabilistic alarm on emulated kernels.");
  std::string only;
  bool faulty = false;
  bool unusual = false;
  int problems = 200;
  std::uint64_t seed = 20240611;
  bool where = false;
  app.add_flag("--faulty", faulty, "the faulty twins instead of the correct kernels");
  app.add_flag("--unusual", unusual,
               "correct kernels with functions that err to one side, and every override of the attack");
  app.add_option("--only", only, "kernels whose name contains this");
  app.add_option("--problems", problems, "random problems for each kernel")->check(CLI::PositiveNumber);
  app.add_option("--seed", seed, "seed of every choice");
  app.add_flag("--where", where, "say in which problem the largest deviation is");
  CLI11_PARSE(app, argc, argv);
  using namespace attest::attack;
  return run(faulty    ? faulty_kernels()
             : unusual ? unusual_kernels()
                       : correct_kernels(),
             only, problems, seed, where);
} catch (const std::exception& error) {
  std::fprintf(stderr, "attest_noise_calibration: %s\n", error.what());
  return 70;
}
