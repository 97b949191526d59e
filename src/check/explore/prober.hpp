// Tests whether a kernel accepts an outline.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "check/outline/gen_context.hpp"
#include "check/outline/outline.hpp"
#include "kernel/kernel.hpp"

namespace attest::check {

/// The problem has plain numbers, a function of the outline alone. A kernel that answers, fails or crashes
/// accepts the outline; its result is judged by the laws. Answers are cached.
class Prober {
 public:
  struct Limits {
    std::int64_t calls = 0;                 ///< limit; after it no more calls are made
    std::int64_t failures = 10;             ///< limit where no call gave a result
    std::int64_t timeouts = 2;              ///< limit; each timeout costs the whole time limit
    std::chrono::milliseconds call{2'000};  ///< of one call
  };

  Prober(kernel::Kernel& kernel, GenContext context, const Limits& limits)
      : kernel_(kernel), context_(std::move(context)), limits_(limits) {}

  /// Whether the kernel accepts it. After a limit: false, without a call.
  bool takes(const Outline& outline);
  /// The problem that is run.
  Problem problem_of(const Outline& outline) const;
  /// The outline of the problem that is run, without features that its extents cannot show.
  Outline as_asked(const Outline& outline) const { return outline_of(problem_of(outline)); }
  /// Announces outlines that will be tested next, to kernels that are slow to start.
  void announce(const std::vector<Outline>& outlines);

  std::int64_t calls() const { return calls_; }
  /// Whether a limit has been reached, or a stop requested.
  bool exhausted() const;
  /// Whether the kernel crashed, failed or hung in each call that it did not decline, ten or more.
  bool fails_every_call() const { return results_ == 0 && failures_ >= limits_.failures; }
  /// Sets new limits, in addition to the calls already made.
  void allow(std::int64_t more_calls) { limits_.calls = calls_ + more_calls; }

 private:
  kernel::Kernel& kernel_;
  GenContext context_;
  Limits limits_;
  std::map<std::string, bool> known_;
  std::int64_t calls_ = 0, timeouts_ = 0, failures_ = 0, results_ = 0;
};

/// One line that identifies the outline.
std::string key_of(const Outline& outline);

}  // namespace attest::check
