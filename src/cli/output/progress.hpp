// One line of progress on a terminal; elsewhere a line now and then, where that is asked for.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "check/campaign/campaign.hpp"

namespace attest::cli {

/// A line that is overwritten. Silent with `quiet`. If standard error is not a terminal: with `lines`, a line
/// every 10 seconds, for logs; otherwise silent. Thread-safe.
class StatusLine {
 public:
  explicit StatusLine(bool quiet, bool lines = false);
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { clear(); }

  void show(const std::string& text);
  /// Removes the line, so that other text can follow.
  void clear();
  bool active() const { return active_; }

 private:
  std::mutex mutex_;
  bool terminal_;
  bool active_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();  ///< of the lines
};

/// Shows the sum of several campaigns: cases, rate, time left, findings; and that a kernel compiles for its
/// device. One at a time. Thread-safe.
class ProgressLine {
 public:
  ProgressLine(std::size_t campaigns, bool quiet);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void update(std::size_t campaign, const check::CampaignProgress& progress);
  /// Removes the line, so that other text can follow.
  void clear() { line_.clear(); }

 private:
  StatusLine line_;
  std::mutex mutex_;
  std::vector<check::CampaignProgress> latest_;
};

}  // namespace attest::cli
