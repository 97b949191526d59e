// What include/attest/kernel.h promises to kernels, sentence by sentence: which cases put it to a kernel, and
// which fault only those show.
#pragma once

#include <string_view>
#include <vector>

#include "check/campaign/case_plan.hpp"

namespace attest {

struct Promise {
  std::string_view name;
  /// Words of the header's comments, with single spaces. Several promises may share them.
  std::string_view quote;
  /// Whether the case would show a kernel that breaks the promise, as far as its problem decides.
  bool (*shown_by)(const CasePlan& plan);
  /// A kernel that breaks this promise and no other: "plain:" one of the plain kernel of tests/check,
  /// "library:" one of libattest_faults.so, "hostile:" one of tests/kernels.
  std::string_view fault;
};

/// In the order of the header.
const std::vector<Promise>& promises();

/// Words of the header that promise nothing which a case could vary, each with the reason.
struct Constant {
  std::string_view quote, reason;
};
const std::vector<Constant>& constants_of_the_header();

}  // namespace attest
