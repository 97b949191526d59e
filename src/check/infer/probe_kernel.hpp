// Asks a kernel single rows that show its arithmetic.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"

namespace attest::check {

/// What a row returned.
struct ProbeAnswer {
  std::vector<double> scores;  ///< in nats, as they were asked
  std::vector<double> out;     ///< [channels]
  std::optional<double> lse;   ///< none: the kernel declines lse
};

/// One row, one head, kDim channels, scale 1/sqrt(kDim), so that narrow kernels take it and scores are exact.
class ProbeKernel {
 public:
  static constexpr std::int64_t kDim = 64;
  static constexpr double kScale = 0.125;

  ProbeKernel(kernel::Kernel& kernel, DType q, DType kv, std::chrono::milliseconds time_limit)
      : kernel_(kernel),
        q_(q),
        kv_(kv),
        keys_(format_of(kv)),
        values_(format_of(kv)),
        time_limit_(time_limit) {}

  DType q() const { return q_; }
  DType kv() const { return kv_; }
  const Format& out_format() const { return format_of(q_); }

  /// What the kernel converts keys and values to. From now on, rows hold numbers of these formats only.
  void keys_hold(const Format& format) { keys_ = format; }
  void values_hold(const Format& format) { values_ = format; }
  const Format& key_format() const { return keys_; }
  const Format& value_format() const { return values_; }
  /// The nearest value that the kernel takes as it is.
  double value(double x) const { return round_to(values_, x); }

  /// A row of these scores (in nats, before any shift); values[channel][key]. Scores are rounded to what two
  /// numbers of the format of keys add up to. None: the kernel gave no result.
  std::optional<ProbeAnswer> ask(const std::vector<double>& scores,
                                 const std::vector<std::vector<double>>& values);
  /// The same with q and keys as they are: keys[key][channel], at most kDim channels.
  std::optional<ProbeAnswer> ask(const std::vector<double>& query,
                                 const std::vector<std::vector<double>>& keys,
                                 const std::vector<std::vector<double>>& values);

 private:
  kernel::Kernel& kernel_;
  DType q_, kv_;
  Format keys_, values_;
  std::chrono::milliseconds time_limit_;
  bool lse_ = true;
};

}  // namespace attest::check
