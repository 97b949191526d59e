#include <utility>

#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "certify.hpp"
#include "problem.hpp"

namespace attest::python {
namespace {

namespace nb = nanobind;
using Doubles = nb::ndarray<nb::numpy, double>;

// Hands the numbers over without a copy.
Doubles handed_over(std::vector<double>&& values, const std::vector<std::int64_t>& shape) {
  auto* kept = new std::vector<double>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<double>*>(p); });
  const std::vector<std::size_t> extents(shape.begin(), shape.end());
  return {kept->data(), extents.size(), extents.data(), owner};
}

nb::dict certify(const Arrays& inputs, const Numbers& numbers, const std::string& causal,
                 const std::string& contract, bool sharp, unsigned threads) {
  const Problem problem = problem_from(inputs, numbers, causal);
  const oracle::ContractSet set = contract_of(problem, contract);
  Certificates all;
  {
    const nb::gil_scoped_release released;
    const DefaultEnvironment environment;
    all = certify_all(problem, set, sharp ? Bounds::sharp : Bounds::coarse, threads);
  }
  nb::dict result;
  result["contract"] = set.text;
  result["unit_roundoff"] = format_of(problem.q.dtype()).unit_roundoff();
  result["out"] = handed_over(std::move(all.out), problem.out_shape());
  result["radius"] = handed_over(std::move(all.radius), problem.out_shape());
  result["bound"] = handed_over(std::move(all.bound), problem.out_shape());
  result["lse"] = handed_over(std::move(all.lse), problem.lse_shape());
  result["lse_radius"] = handed_over(std::move(all.lse_radius), problem.lse_shape());
  result["lse_bound"] = handed_over(std::move(all.lse_bound), problem.lse_shape());
  return result;
}

}  // namespace

void add_certify(nb::module_& m) {
  m.def("certify", &certify, nb::arg("inputs"), nb::arg("numbers"), nb::arg("causal"), nb::arg("contract"),
        nb::arg("sharp"), nb::arg("threads"),
        "Exact results and bounds; see attest.reference and attest.tolerance.");
}

}  // namespace attest::python
