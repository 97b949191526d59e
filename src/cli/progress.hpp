// One line of progress on a terminal; nothing in a pipe.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "check/campaign.hpp"

namespace attest {

/// Shows the sum of several campaigns on standard error: cases, rate, time left, findings. Thread-safe.
class ProgressLine {
 public:
  /// Silent when standard error is no terminal, or `quiet`.
  ProgressLine(std::size_t campaigns, bool quiet);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  void update(std::size_t campaign, const CampaignProgress& progress);
  /// Removes the line, so that other text can follow.
  void clear();

 private:
  std::mutex mutex_;
  std::vector<CampaignProgress> latest_;
  bool active_;
};

}  // namespace attest
