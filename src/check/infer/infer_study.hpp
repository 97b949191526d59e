// How many fields of kernels whose arithmetic is known are inferred right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/infer/infer.hpp"

namespace attest::check {

/// A field that was not inferred as the control has it.
struct MissedField {
  std::string_view control, field;
  std::string inferred, expected;  ///< inferred: "unknown", or a value that is wrong
  std::string evidence;
};

struct InferStudy {
  std::int64_t right = 0, unknown = 0, wrong = 0;
  std::vector<MissedField> missed;
  std::int64_t fields() const { return right + unknown + wrong; }
};

/// The controls of the fault library, every `step`-th of them, in one dtype. A conversion to a format that
/// holds every number of the dtype is none.
InferStudy study_inference(DType dtype, std::size_t step = 1);

}  // namespace attest::check
