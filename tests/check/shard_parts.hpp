// Parts of a campaign, as merge gets them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "check/fault_study/study_kernel.hpp"
#include "check/shard/shard_json.hpp"
#include "check/shard/shard_run.hpp"
#include "faults/catalogue.hpp"

namespace attest::test {

inline check::CampaignOptions small_campaign() {
  check::CampaignOptions o;
  o.seed = 5;
  o.cases = 48;
  o.budget_seconds = 250;
  o.dtype = DType::f32;
  return o;
}

using Make = std::unique_ptr<kernel::Kernel> (*)();

inline std::unique_ptr<kernel::Kernel> correct() {
  return check::study_kernel(faults::control_catalogue().front());
}
inline std::unique_ptr<kernel::Kernel> defective() {
  return check::study_kernel(faults::entry_of(faults::KernelFault::causal_key_ahead));
}

/// Through the text, as merge gets it.
inline check::ShardRecord read_again(const check::ShardRecord& part) {
  const std::string text = nlohmann::ordered_json{{"kernels", {{{"shard", check::shard_json(part)}}}}}.dump();
  return std::move(check::parse_shards(text).front());
}

inline std::vector<check::ShardRecord> run_parts(Make make, std::int64_t count) {
  std::vector<check::ShardRecord> parts;
  for (std::int64_t index = 1; index <= count; ++index)
    parts.push_back(read_again(check::run_shard(*make(), small_campaign(), {index, count})));
  return parts;
}

/// Two parts of a correct kernel, made once for all tests of the process.
inline const std::vector<check::ShardRecord>& two_parts() {
  static const std::vector<check::ShardRecord> made = run_parts(correct, 2);
  return made;
}

}  // namespace attest::test
