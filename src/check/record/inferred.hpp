// The contract that was inferred for a kernel that declared none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check/record/finding.hpp"

namespace attest::check {

/// How far arithmetic that was not declared is from what the dtypes suggest.
enum class RelaxationClass : std::uint8_t {
  ordinary,  ///< what correct kernels do unasked: the kernel conforms
  narrower,  ///< narrower arithmetic than the types suggest: the kernel is suspect until it declares this
};
std::string_view name_of(RelaxationClass kind);

struct InferredContract {
  std::string fields;  ///< what differs from the assumed contract, as with_fields reads it
  std::string text;    ///< the whole contract, as --contract takes it
  RelaxationClass kind = RelaxationClass::ordinary;
  std::vector<std::string> reasons;  ///< what the kernel does, a sentence for each relaxation
  /// The answered case, counted from 1, that broke the assumed contract; 0: none did, see `alarm`.
  std::int64_t from_case = 0;
  std::string alarm;  ///< the statistical alarm that this contract silences; empty: there was none
  /// The smallest cases that break the assumed contract and keep this one, as findings that were withdrawn.
  std::vector<Finding> evidence;
};

}  // namespace attest::check
