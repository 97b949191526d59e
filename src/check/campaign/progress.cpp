#include "check/campaign/progress.hpp"

#include <algorithm>

namespace attest::check {

void ProgressListener::exploring() {
  if (progress_) progress_({.exploring = true});
}

void ProgressListener::case_ended(std::int64_t ended, std::int64_t planned, std::int64_t findings) {
  if (!progress_) return;
  const double now = std::chrono::duration<double>(Clock::now() - start_).count();
  if (now - last_ < 0.1 && ended < planned) return;
  last_ = now;
  const double rest = now / static_cast<double>(ended) * static_cast<double>(planned - ended);
  reported_ = {.cases = ended,
               .planned = planned,
               .findings = findings,
               .seconds = now,
               .seconds_left = std::clamp(rest, 0.0, std::max(0.0, budget_ - now))};
  progress_(reported_);
}

void ProgressListener::shrinking() {
  if (!progress_) return;
  CampaignProgress progress = reported_;
  progress.shrinking = true;
  progress_(progress);
}

}  // namespace attest::check
