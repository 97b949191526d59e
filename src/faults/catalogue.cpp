#include "faults/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace attest::faults {

const std::vector<KernelFaultEntry>& fault_catalogue() {
  static const std::vector<KernelFaultEntry> list{
#define FAULT(id, number_, depends_, signature_, shows_in_, sentence_) \
  {.fault = KernelFault::id,                                           \
   .name = #id,                                                        \
   .number = number_,                                                  \
   .sentence = sentence_,                                              \
   .depends = Depends::depends_,                                       \
   .signature = KernelFault::signature_,                               \
   .shows_in = ShowsIn::shows_in_},
#include "faults/root_cause/root_causes.def"
  };
  return list;
}

const std::vector<KernelControlEntry>& control_catalogue() {
  static const std::vector<KernelControlEntry> list{
#define CONTROL(id, sentence) {KernelControl::id, #id, sentence},
#include "faults/kernels/other_kernels.def"
  };
  return list;
}

const std::vector<NarrowKernelEntry>& narrow_catalogue() {
  static const std::vector<NarrowKernelEntry> list{
#define NARROW(id, gate_, fault_) \
  {.kernel = NarrowKernel::id, .name = #id, .gate = Gate::gate_, .fault = KernelFault::fault_},
#include "faults/kernels/other_kernels.def"
  };
  return list;
}

std::string_view meaning_of(Gate gate) {
  switch (gate) {
    case Gate::tile64:
      return "lengths that are multiples of 64, head dims 64";
    case Gate::equal_causal:
      return "causal, q_len = kv_len, head dims 64 or 128";
    case Gate::decode:
      return "q_len 1 with kv_lens, head dims 128, bf16";
    case Gate::f16_cache:
      return "q in f32 over k and v in f16";
    case Gate::one_scale:
      return "scale 0.125";
    case Gate::grouped:
      return "fewer key/value heads than query heads";
    case Gate::single_key:
      return "kv_len 1 without features";
    case Gate::plain_causal:
      return "f32 or f16, causal, scale 1/sqrt(d), equal head dims, no lse and no other feature";
  }
  return "";
}

bool admits(Gate gate, const DTypes& dtypes) {
  switch (gate) {
    case Gate::decode:
      return dtypes == DTypes{DType::bf16, DType::bf16};
    case Gate::f16_cache:
      return dtypes == DTypes{DType::f32, DType::f16};
    case Gate::plain_causal:
      return dtypes == DTypes{DType::f32, DType::f32} || dtypes == DTypes{DType::f16, DType::f16};
    default:
      return true;
  }
}

bool shows(const KernelFaultEntry& entry, const DTypes& dtypes) {
  switch (entry.shows_in) {
    case ShowsIn::f32:
      return dtypes.q == DType::f32;
    case ShowsIn::f32_and_f64:
      return dtypes.q == dtypes.kv && (dtypes.q == DType::f32 || dtypes.q == DType::f64);
    case ShowsIn::f32_over_f16:
      return dtypes == DTypes{DType::f32, DType::f16};
    case ShowsIn::all:
      return true;
  }
  return true;
}

const KernelFaultEntry& entry_of(KernelFault fault) {
  const auto& list = fault_catalogue();
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const KernelFaultEntry& e) { return e.fault == fault; });
  if (found == list.end()) throw std::logic_error("a fault is missing from the catalogue");
  return *found;
}

}  // namespace attest::faults
