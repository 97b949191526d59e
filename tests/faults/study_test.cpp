// The mutation study in small: every fault found and named in f32, every control left alone.

#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "check/fault_study.hpp"
#include "laws/law.hpp"

namespace attest {
namespace {

StudyOptions options(std::vector<std::string> names = {}) {
  StudyOptions o;
  o.seed = 1;
  o.jobs = 2;
  o.dtypes = {DType::f32};
  o.cases_after_first = 25;
  o.control_cases = 40;
  o.names = std::move(names);
  return o;
}

std::vector<std::string> names_of(bool faults) {
  std::vector<std::string> names;
  if (faults) {
    for (const KernelFaultEntry& entry : fault_catalogue()) {
      // Values past kv_lens that are read but not used show by NaN alone, which the law "poison" puts there.
      if (entry.fault == KernelFault::tail_values_read && find_law("poison") == nullptr) continue;
      names.emplace_back(entry.name);
    }
  } else {
    for (const KernelControlEntry& entry : control_catalogue()) names.emplace_back(entry.name);
  }
  return names;
}

std::string told(const FaultResult& f) {
  std::string text = f.name + " by " + f.killed_by + ":";
  for (const Diagnosis& d : f.named) text += " " + d.fault();
  return text;
}

TEST(FaultStudy, FindsEveryFaultAndNamesNineInTen) {
  const FaultStudy study = run_fault_study(options(names_of(true)));
  ASSERT_EQ(study.faults.size(), names_of(true).size());
  ASSERT_GE(study.faults.size() + 1, fault_catalogue().size());
  EXPECT_TRUE(study.controls.empty());
  std::size_t named = 0;
  for (const FaultResult& f : study.faults) {
    EXPECT_TRUE(f.killed) << f.name << " in " << f.cases << " cases";
    if (f.diagnosed)
      ++named;
    else
      std::printf("misnamed: %s\n", told(f).c_str());
  }
  EXPECT_GE(10 * named, 9 * study.faults.size());
  const std::vector<std::int64_t> counts = study.cases_to_kill();
  EXPECT_LT(counts[counts.size() / 2], 20);
}

TEST(FaultStudy, LeavesControlsAlone) {
  const FaultStudy study = run_fault_study(options(names_of(false)));
  ASSERT_EQ(study.controls.size(), control_catalogue().size());
  EXPECT_TRUE(study.faults.empty());
  for (const ControlResult& c : study.controls) {
    EXPECT_EQ(c.false_alarms, 0) << c.name << ": " << c.what;
    EXPECT_EQ(c.verdict, Verdict::conforming) << c.name;
    EXPECT_GT(c.cases, 30) << c.name;
  }
}

TEST(FaultStudy, DoesNotDependOnThreads) {
  const std::vector<std::string> names{"window_own_token", "divides_in_loop", "tile_7"};
  StudyOptions one = options(names);
  one.jobs = 1;
  StudyOptions three = options(names);
  three.jobs = 3;
  const FaultStudy a = run_fault_study(one);
  const FaultStudy b = run_fault_study(three);
  ASSERT_EQ(a.faults.size(), 2U);
  for (std::size_t i = 0; i < a.faults.size(); ++i) {
    EXPECT_EQ(a.faults[i].cases_to_kill, b.faults[i].cases_to_kill);
    ASSERT_EQ(a.faults[i].named.size(), b.faults[i].named.size());
    for (std::size_t n = 0; n < a.faults[i].named.size(); ++n) {
      EXPECT_EQ(a.faults[i].named[n].alpha, b.faults[i].named[n].alpha);
      EXPECT_EQ(a.faults[i].named[n].sigma, b.faults[i].named[n].sigma);
    }
  }
  EXPECT_EQ(a.controls.front().max_bound_ratio, b.controls.front().max_bound_ratio);
}

TEST(FaultStudy, RefusesAnUnknownName) {
  EXPECT_THROW(run_fault_study(options({"no_such_fault"})), std::invalid_argument);
}

}  // namespace
}  // namespace attest
