// Puts outlines to a kernel, to learn whether it takes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "check/outline/gen_context.hpp"
#include "check/outline/outline.hpp"
#include "kernel/kernel.hpp"

namespace attest {

/// What is put to the kernel are plain numbers, a function of the outline alone. A kernel that answers, fails
/// or crashes takes an outline; what it does with it is for the laws. Answers are remembered.
class Prober {
 public:
  struct Limits {
    std::int64_t calls = 0;                 ///< after which nothing more is asked
    std::int64_t timeouts = 2;              ///< likewise: each costs the whole time limit
    std::chrono::milliseconds call{2'000};  ///< of one call
  };

  Prober(Kernel& kernel, GenContext context, const Limits& limits)
      : kernel_(kernel), context_(std::move(context)), limits_(limits) {}

  /// Whether the kernel takes it; false, and nothing is asked, after a limit.
  bool takes(const Outline& outline);
  /// What is put to the kernel.
  Problem problem_of(const Outline& outline) const;
  /// The outline of what is put to the kernel: features that its extents cannot show are left out.
  Outline as_asked(const Outline& outline) const { return outline_of(problem_of(outline)); }
  /// Announces outlines that are about to be asked, to kernels that are slow to start.
  void announce(const std::vector<Outline>& outlines);

  std::int64_t calls() const { return calls_; }
  /// No more questions are answered.
  bool exhausted() const { return calls_ >= limits_.calls || timeouts_ >= limits_.timeouts; }
  /// Other limits from now on, besides those that were used up.
  void allow(std::int64_t more_calls) { limits_.calls = calls_ + more_calls; }

 private:
  Kernel& kernel_;
  GenContext context_;
  Limits limits_;
  std::map<std::string, bool> known_;
  std::int64_t calls_ = 0, timeouts_ = 0;
};

/// One line that tells outlines apart.
std::string key_of(const Outline& outline);

}  // namespace attest
