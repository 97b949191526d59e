// The extension attest._core: what the modules of python/attest are made of. It has no promise of its own.
#include <nanobind/nanobind.h>

#include "array.hpp"
#include "certify.hpp"
#include "judge.hpp"

NB_MODULE(_core, m) {
  m.doc() = "The oracle of attest. Use the package attest instead.";
  m.attr("__version__") = ATTEST_VERSION;
  attest::python::add_array(m);
  attest::python::add_judge(m);
  attest::python::add_certify(m);
}
