#include "cli/output/progress.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "kernel/compiling.hpp"
#include "report/number.hpp"

namespace attest::cli {

StatusLine::StatusLine(bool quiet, bool lines)
    : terminal_(isatty(STDERR_FILENO) != 0), active_(!quiet && (terminal_ || lines)) {}

void StatusLine::show(const std::string& text) {
  if (!active_) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (terminal_) {
    std::fputs(("\r\x1b[K" + text).c_str(), stderr);
  } else {
    constexpr std::chrono::seconds kBetweenLines{10};
    const auto now = std::chrono::steady_clock::now();
    if (text.empty() || now - last_ < kBetweenLines) return;
    last_ = now;
    std::fputs(("attest: " + text + "\n").c_str(), stderr);
  }
  std::fflush(stderr);
}

void StatusLine::clear() { show(""); }

ProgressLine::ProgressLine(std::size_t campaigns, bool quiet) : line_(quiet, true), latest_(campaigns) {
  if (!line_.active()) return;
  kernel::observe_compiling([this](bool compiles) {
    if (compiles) line_.show("compiling for the device");
  });
}

ProgressLine::~ProgressLine() { kernel::observe_compiling({}); }

void ProgressLine::update(std::size_t campaign, const check::CampaignProgress& progress) {
  if (!line_.active()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  latest_[campaign] = progress;
  check::CampaignProgress sum;
  for (const check::CampaignProgress& p : latest_) {
    sum.cases += p.cases;
    sum.planned += p.planned;
    sum.findings += p.findings;
    sum.seconds = std::max(sum.seconds, p.seconds);
    sum.seconds_left = std::max(sum.seconds_left, p.seconds_left);
    sum.shrinking = sum.shrinking || p.shrinking;
  }
  if (sum.cases == 0 && progress.exploring) {
    line_.show("exploring what the kernel accepts");
    return;
  }
  const double rate = sum.seconds > 0 ? static_cast<double>(sum.cases) / sum.seconds : 0;
  line_.show(fmt::format("{}   {} of {} cases   {:.0f} cases/s   {:.0f} s left   {}",
                         sum.shrinking ? "shrinking a failure" : "judging", report::grouped(sum.cases),
                         report::grouped(sum.planned), rate, sum.seconds_left,
                         report::counted(sum.findings, "finding")));
}

}  // namespace attest::cli
