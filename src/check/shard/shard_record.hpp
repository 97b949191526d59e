// What a part of a campaign leaves, so that the parts give the report of the whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "check/campaign/stepped.hpp"
#include "check/shard/shard.hpp"

namespace attest::check {

/// A problem that the part judged, in the order of the campaign.
struct ShardEvent {
  std::int64_t number = 0;  ///< of the case
  bool prepared = false;    ///< for one law; a problem of its own
  std::size_t family = 0;   ///< index in families(); 0 when prepared
  std::string where;        ///< the problem in words
  std::string fields;       ///< of the contract that judged it, in addition to what is declared or assumed
  CheckedProblem checked;   ///< breaches by their kind and summary alone
};

struct ShardRecord {
  Shard shard;
  std::string effort;         ///< by name
  std::string spec;           ///< that a replay opens
  KernelReport report;        ///< of this part
  std::int64_t needed = 0;    ///< answered cases that a verdict needs
  std::int64_t left_out = 0;  ///< prepared problems of all cases that the kernel is known to decline
  CampaignFacts facts;
  /// What the kernel returned for a few cases of each finding of the report; empty for those not about
  /// numbers.
  std::vector<std::vector<faults::Evidence>> evidence;
  std::vector<FormReport> forms;  ///< of the kernel's operator; the first part alone asks them
  /// Of each finding of the report that names a form, whether the kernel's own form shows it too; else false.
  std::vector<bool> shows_without_form;
  std::vector<ShardEvent> events;
};

}  // namespace attest::check
