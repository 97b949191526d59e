#include "check/promises/promises.hpp"

#include "check/promises/parts.hpp"

namespace attest::check {

const std::vector<Promise>& promises() {
  static const std::vector<Promise> list = [] {
    std::vector<Promise> all;
    for (const auto& part :
         {promised::positions(), promised::visibility(), promised::scores(), promised::outputs(),
          promised::tensors(), promised::extents(), promised::score_inputs()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return list;
}

const std::vector<Constant>& constants_of_the_header() {
  static const std::vector<Constant> list{
      {"The attest kernel ABI, version 1.", "a title"},
      {"A kernel author includes this header, exports attest_kernel_forward from a shared library, and runs "
       "`attest check ./libmine.so`.",
       "what the author does"},
      {"C99; DLPack (Debian: libdlpack-dev) is the only dependency.", "how it is compiled"},
      {"SPDX-License-Identifier: Apache-2.0", "the licence"},
      {"ATTEST_KERNEL_H", "the include guard"},
      {"any other status: the kernel failed", "what the kernel returns"},
      {"One forward problem.", "a title"},
      {"The fields keep this order; a change of layout is a new ABI version.", "how the ABI is versioned"},
      {"byte_offset is 0.", "the same for every problem"},
      {"sizeof(attest_forward) of the caller", "the same for every problem"},
      {"ATTEST_KERNEL_ABI", "the same for every problem"},
      {"one of ATTEST_CAUSAL_*", "what each means is promised above"},
      {"0", "reserved: the same for every problem"},
      {"Required.", "what the kernel exports"},
      {"Returns ATTEST_OK, ATTEST_UNSUPPORTED (never a defect, but counted), or any other value: failure.",
       "what the kernel returns"},
      {"Optional exports.", "what the kernel exports"},
      {"\"preset;field=value;...\", see `attest list contracts`", "what the kernel returns"},
      {"bytes that tensor data must be aligned to", "what the kernel asks for"},
  };
  return list;
}

}  // namespace attest::check
