// attest_no_false_flag [--multiplier N] [--seed S]: the long form of no_false_flag_test.cpp.
// Exit code 1 where a correct kernel was flagged.
#include <cstdio>
#include <cstring>
#include <exception>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "flags.hpp"
#include "kernel/kernel.hpp"

namespace attest::properties {
namespace {

struct Totals {
  std::int64_t certified = 0, flagged = 0;
};

Totals print(const char* what, const std::vector<FlagCount>& counts) {
  Totals totals;
  FlagCount sum;
  for (const FlagCount& count : counts) {
    totals.certified += count.certified;
    totals.flagged += count.flagged;
    sum.uncertified += count.uncertified;
    sum.departures += count.departures;
    sum.departed += count.departed;
    if (count.flagged > 0) fmt::print("FLAGGED {}: {} rows; {}\n", count.subject, count.flagged, count.first);
    if (count.failures > 0)
      fmt::print("{} failed {} times; {}\n", count.subject, count.failures, count.first);
    if (count.certified == 0) fmt::print("no certified row: {}\n", count.subject);
  }
  fmt::print(
      "{}: {} subjects, {} certified rows, {} flagged; {} rows without a certificate, {} of documented "
      "departures, {} of these beyond the bound\n",
      what, counts.size(), totals.certified, totals.flagged, sum.uncertified, sum.departures, sum.departed);
  return totals;
}

int run(std::int64_t multiplier, std::uint64_t seed) {
  const unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  const Totals forms = print("forms", count_all_form_flags(100 * multiplier, seed, jobs));
  const Totals kernels = print("real kernels", count_all_kernel_flags(500 * multiplier, seed));
  fmt::print("{} certified rows, {} flagged\n", forms.certified + kernels.certified,
             forms.flagged + kernels.flagged);
  return forms.flagged + kernels.flagged > 0 ? 1 : 0;
}

}  // namespace
}  // namespace attest::properties

int main(int argc, char** argv) try {
  if (argc > 1 && std::strcmp(argv[1], attest::kernel::kWorkerArgument) == 0)
    return attest::kernel::worker_main(argc, argv);
  CLI::App app("Counts the rows of correct kernels that the certified bound calls wrong: none may be");
  std::int64_t multiplier = 20;
  std::uint64_t seed = 1;
  app.add_option("--multiplier", multiplier,
                 "100 rows of each form in each kind of float, 500 of each real kernel, times N")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--seed", seed, "Seed of every choice")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  return attest::properties::run(multiplier, seed);
} catch (const std::exception& error) {
  std::fprintf(stderr, "attest_no_false_flag: %s\n", error.what());
  return 70;
}
