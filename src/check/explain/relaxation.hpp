// The table of relaxations: what a kernel may do that the assumed contract does not allow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/record/inferred.hpp"
#include "problem/dtype.hpp"

namespace attest::check {

struct Relaxation {
  std::string_view name;
  RelaxationClass kind = RelaxationClass::ordinary;
  std::string_view fields;    ///< as oracle::with_fields reads them
  std::string_view sentence;  ///< what the kernel does; the subject is the kernel
  bool (*applies)(DType q, DType kv) = nullptr;
};

/// In the order in which an explanation tries them.
const std::vector<Relaxation>& relaxations();

/// Relaxations that hold together. Where two set one field, the later one counts.
using Relaxations = std::vector<const Relaxation*>;

/// The fields of those that apply to the dtypes: "splits=8;merge=lse".
std::string fields_of(const Relaxations& relaxations, DType q, DType kv);
/// Narrower if one of them is.
RelaxationClass kind_of(const Relaxations& relaxations);
/// Whether it does no more than let calls with the same inputs give different bits.
bool lets_calls_differ(const Relaxation& relaxation);
/// Whether two relaxations set a field in common.
bool overlap(const Relaxation& a, const Relaxation& b);

}  // namespace attest::check
