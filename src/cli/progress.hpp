// One line of progress on a terminal; no output otherwise.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "check/campaign/campaign.hpp"

namespace attest::cli {

/// A line that is overwritten. Silent if standard error is not a terminal, or with `quiet`. Thread-safe.
class StatusLine {
 public:
  explicit StatusLine(bool quiet);
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { clear(); }

  void show(const std::string& text);
  /// Removes the line, so that other text can follow.
  void clear();
  bool active() const { return active_; }

 private:
  std::mutex mutex_;
  bool active_;
};

/// Shows the sum of several campaigns: cases, rate, time left, findings. Thread-safe.
class ProgressLine {
 public:
  ProgressLine(std::size_t campaigns, bool quiet) : line_(quiet), latest_(campaigns) {}

  void update(std::size_t campaign, const check::CampaignProgress& progress);
  /// Removes the line, so that other text can follow.
  void clear() { line_.clear(); }

 private:
  StatusLine line_;
  std::mutex mutex_;
  std::vector<check::CampaignProgress> latest_;
};

}  // namespace attest::cli
