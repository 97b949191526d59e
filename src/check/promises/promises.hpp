// The promises of include/attest/kernel.h, sentence by sentence, with the cases that test each and a fault
// that only those show.
#pragma once

#include <string_view>
#include <vector>

#include "check/campaign/case_plan.hpp"

namespace attest::check {

struct Promise {
  std::string_view name;
  /// Words of the header's comments, with single spaces. Several promises may share them.
  std::string_view quote;
  /// Whether the case's problem would reveal a kernel that breaks the promise.
  bool (*shown_by)(const CasePlan& plan);
  /// A kernel that breaks this promise and no other: "plain:" one of the plain kernel of tests/check,
  /// "library:" one of libattest_faults.so, "hostile:" one of tests/kernels.
  std::string_view fault;
};

/// In the order of the header.
const std::vector<Promise>& promises();

/// Words of the header that no case can test, each with the reason.
struct Constant {
  std::string_view quote, reason;
};
const std::vector<Constant>& constants_of_the_header();

}  // namespace attest::check
