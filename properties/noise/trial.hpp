// The probabilistic alarm's calibration: what it reads on kernels that keep their contract, and on twins that
// do not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bound_attack/search/campaign.hpp"
#include "oracle/noise/alarm.hpp"

namespace attest::attack {

/// A kernel that computes under one contract, with at most one fault, and claims a contract.
struct TrialKernel {
  std::string name;
  std::string kept, claimed;
  Fault fault = Fault::none;
  double scale_error = 0;     ///< relative
  int function_side = 0;      ///< +1 or -1: exp, tanh and log err by the declared error in this direction
  bool drops_a_key = false;   ///< rows of 4096 keys, of which no row sees the middle one
  int problems = 40;          ///< of the default seed, by which it is known to ring ...
  bool single_rings = false;  ///< ... for one output far off
  bool bias_rings = false;    ///< ... for errors that lean

  bool correct() const { return kept == claimed && fault == Fault::none && scale_error == 0 && !drops_a_key; }
};

/// The six presets, kept and claimed.
std::vector<TrialKernel> correct_kernels();
/// What the model could take for a fault: each preset with functions that err to one side, and each override
/// that the attack on the bound knows.
std::vector<TrialKernel> unusual_kernels();
/// Kernels that the alarm is for. Those that ring neither way are listed as a record of its limits.
const std::vector<TrialKernel>& faulty_kernels();

struct Reading {
  oracle::Alarm alarm;
  double squares = 0;       ///< sum of sigmas^2
  std::int64_t judged = 0;  ///< outputs that the certified bound judged; 0 for a correct kernel, see read()
  std::int64_t violated = 0;
  std::int64_t single_after = -1;  ///< outputs measured when one was first beyond the threshold; -1: never
  std::int64_t bias_after = -1;    ///< likewise for the first bias

  double rms() const;
  bool single_rings() const;  ///< over all that was measured
  bool bias_rings() const;
};

/// Runs generic problems: normal queries, keys and values, random shapes and features; half of them with
/// correctly rounded operations and functions, half with roundings and functions that are off by random
/// shares of their largest errors. Functions that err to one side do so in both. Outputs of faulty kernels
/// are also judged against the certified bound.
Reading read(const TrialKernel& kernel, int problems, std::uint64_t seed);

/// The largest deviation, and the problem that shows it.
std::string largest_text(const Reading& reading);
/// One row of a Markdown table; `header` is its first two lines.
std::string table_row(const TrialKernel& kernel, const Reading& reading);
std::string table_header();

}  // namespace attest::attack
