// attest_alarm_study: what the statistical alarm reads on the controls of the fault library and on kernels
// that are named, as a Markdown table. Exit code 1 if it rings, or if a kernel gave too few outputs.
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "alarm_study.hpp"
#include "check/fault_study/study_kernel.hpp"

namespace attest::bench {
namespace {

struct Wanted {
  std::vector<std::string> kernels;  ///< specs, or names of controls; empty: all controls
  std::vector<std::string> dtypes;
  AlarmStudyOptions study;
};

// Whether the reading is as a correct kernel's must be.
bool report(const AlarmReading& reading, const AlarmStudyOptions& study) {
  fmt::print("{}\n", alarm_row(reading));
  for (const std::string& why : reading.suspicions) fmt::print("  {}\n", why);
  std::fflush(stdout);
  return reading.suspicions.empty() && reading.outputs >= study.outputs / 2;
}

bool asked(const Wanted& wanted, std::string_view name) {
  return wanted.kernels.empty() ||
         std::find(wanted.kernels.begin(), wanted.kernels.end(), name) != wanted.kernels.end();
}

bool is_control(const std::string& name) {
  const auto& controls = faults::control_catalogue();
  return std::any_of(controls.begin(), controls.end(), [&](const auto& entry) { return entry.name == name; });
}

std::vector<DType> dtypes_of(const Wanted& wanted) {
  if (wanted.dtypes.empty()) return {DType::f32, DType::f16, DType::bf16, DType::f64};
  std::vector<DType> dtypes;
  for (const std::string& name : wanted.dtypes) {
    const std::optional<DType> dtype = dtype_from_name(name);
    if (!dtype || !is_floating(*dtype))
      throw CLI::ValidationError("--dtype", name + " is not a float format");
    dtypes.push_back(*dtype);
  }
  return dtypes;
}

int run(const Wanted& wanted) {
  fmt::print("{}", alarm_header());
  const std::vector<DType> dtypes = dtypes_of(wanted);
  bool silent = true;
  for (const faults::KernelControlEntry& entry : faults::control_catalogue()) {
    if (!asked(wanted, entry.name)) continue;
    for (const faults::DTypes& each : check::study_dtypes(entry, dtypes))
      silent = report(read_alarm(*check::study_kernel(entry), each.q, wanted.study), wanted.study) && silent;
  }
  for (const std::string& name : wanted.kernels) {
    if (is_control(name)) continue;
    for (const std::string& spec : kernel::expand_kernel_spec(name))
      silent =
          report(read_alarm(*kernel::open_kernel(spec), std::nullopt, wanted.study), wanted.study) && silent;
  }
  return silent ? 0 : 1;
}

}  // namespace
}  // namespace attest::bench

int main(int argc, char** argv) try {
  if (argc > 1 && std::strcmp(argv[1], attest::kernel::kWorkerArgument) == 0)
    return attest::kernel::worker_main(argc, argv);
  CLI::App app("Measures the statistical alarm on correct kernels.");
  attest::bench::Wanted wanted;
  app.add_option("KERNEL", wanted.kernels, "controls or kernel specs (default: every control)");
  app.add_option("--dtype", wanted.dtypes, "of the controls: f64, f32, f16, bf16 (default: all)");
  app.add_option("--outputs", wanted.study.outputs, "outputs of each kernel and dtype, over all seeds")
      ->check(CLI::PositiveNumber);
  app.add_option("--seeds", wanted.study.seeds, "number of alarms")->check(CLI::PositiveNumber);
  app.add_option("--seed", wanted.study.first_seed, "the first seed");
  CLI11_PARSE(app, argc, argv);
  return attest::bench::run(wanted);
} catch (const std::exception& error) {
  std::fprintf(stderr, "attest_alarm_study: %s\n", error.what());
  return 64;
}
