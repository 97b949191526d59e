// The function of each law on kernels, as laws.def declares them; each is in a file of kernel_laws/.
#pragma once

#include "laws/law.hpp"

namespace attest::laws {

#define LAW(id, name, sentence) Law id##_law();
#define LAW_ON_REQUEST(id, name, sentence) Law id##_law();
#include "laws/laws.def"

}  // namespace attest::laws
