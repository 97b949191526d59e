// Judging outputs that Python holds.
#pragma once

#include <nanobind/nanobind.h>

namespace attest::python {

void add_judge(nanobind::module_& m);

}  // namespace attest::python
