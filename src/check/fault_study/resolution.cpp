#include "check/fault_study/resolution.hpp"

#include <cmath>
#include <functional>
#include <mutex>

#include <fmt/format.h>

#include "check/fault_study/study_kernel.hpp"
#include "check/fault_study/work.hpp"

namespace attest::check {
namespace {

using faults::faulty::Arithmetic;

Arithmetic scale_error(int step) {
  Arithmetic a;
  a.scale_error = std::exp2(-step);
  return a;
}

Arithmetic exp_error(int step) {
  Arithmetic a;
  a.exp_error = std::pow(10, -step);
  return a;
}

Arithmetic leak(int step) {
  Arithmetic a;
  a.leak = std::pow(10, -step);
  return a;
}

constexpr int kMostBits = 24;  // of the kernel's sums

Arithmetic sum_bits(int step) {
  Arithmetic a;
  a.sum_bits = step;
  return a;
}

Resolution resolve(const GradedFault& fault, DType dtype, Effort effort, const StudyOptions& options) {
  StudyOptions campaign = options;
  campaign.effort = effort;
  Resolution result{
      .name = std::string(fault.name), .dtype = dtype, .effort = effort, .found_by = {}, .all_found = false};
  for (int step = fault.first; step <= fault.last; ++step) {
    const auto make = [&] { return study_kernel(result.name, fault.arithmetic(step)); };
    const FaultResult found =
        study_fault(make, faults::KernelFault::none, faults::DTypes{dtype, dtype}, campaign);
    const bool suspect = found.verdict == Verdict::suspect;
    if (found.verdict != Verdict::defective && !suspect) return result;
    result.found_by.push_back(found.killed_by.empty() ? "alarm" : found.killed_by);
  }
  result.all_found = true;
  return result;
}

}  // namespace

const std::vector<GradedFault>& graded_faults() {
  static const std::vector<GradedFault> list{{.name = "scale",
                                              .sentence = "the scale is off by the factor 1 + {}",
                                              .size = "2^-{}",
                                              .first = 1,
                                              .last = 30,
                                              .arithmetic = scale_error},
                                             {.name = "exponential",
                                              .sentence = "the exponential is off by up to {} of itself",
                                              .size = "10^-{}",
                                              .first = 1,
                                              .last = 9,
                                              .arithmetic = exp_error},
                                             {.name = "leak",
                                              .sentence = "a key that the row must not see has the weight {}",
                                              .size = "10^-{}",
                                              .first = 1,
                                              .last = 9,
                                              .arithmetic = leak},
                                             {.name = "sums",
                                              .sentence = "sums over keys keep {} significant bits",
                                              .size = "{}",
                                              .first = 4,
                                              .last = kMostBits - 1,
                                              .arithmetic = sum_bits}};
  return list;
}

std::string graded_size(const GradedFault& fault, int step) {
  return fmt::format(fmt::runtime(fault.size), step);
}

std::vector<Resolution> run_resolution_study(const StudyOptions& options,
                                             const std::vector<GradedFault>& faults) {
  std::vector<Resolution> results;
  std::vector<std::function<void()>> work;
  std::mutex mutex;
  std::int64_t done = 0;
  const auto add = [&](const GradedFault& fault, DType dtype, Effort effort) {
    work.emplace_back([&, dtype, effort, at = work.size()] {
      results[at] = resolve(fault, dtype, effort, options);
      const std::lock_guard lock(mutex);
      ++done;
      if (options.progress) options.progress(done, static_cast<std::int64_t>(work.size()), results[at].name);
    });
  };
  for (const GradedFault& fault : faults) {
    for (const DType dtype : options.dtypes) {
      for (const Effort effort : {Effort::quick, Effort::ci, Effort::deep}) {
        if (effort <= options.effort) add(fault, dtype, effort);
      }
    }
  }
  results.resize(work.size());
  run_all(work, options.jobs);
  return results;
}

}  // namespace attest::check
