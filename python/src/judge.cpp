#include "judge.hpp"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "certify.hpp"
#include "check/capture/capture_check.hpp"
#include "problem.hpp"
#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"

namespace attest::python {
namespace {

namespace nb = nanobind;

// A report in the forms in which Python wants it.
struct Report {
  std::string verdict;
  std::string text;  ///< as on a terminal
  std::string json;  ///< an element of kernels[] of `attest check --json`
};

Report judge(const Arrays& inputs, const Numbers& numbers, const std::string& causal, const Array& out,
             const std::optional<Array>& lse, const std::string& contract, std::optional<std::int64_t> rows,
             std::uint64_t seed, unsigned threads) {
  const Problem problem = problem_from(inputs, numbers, causal);
  const Result result = result_from(problem, out, lse ? &*lse : nullptr);
  contract_of(problem, contract);  // says what is wrong with a contract
  const nb::gil_scoped_release released;
  const DefaultEnvironment environment;
  const check::KernelReport report = check::check_capture(
      "out", problem, result, {.contract = contract, .rows = rows, .seed = seed, .jobs = threads});
  return {std::string(name_of(report.verdict)), report::kernel_text(report),
          report::kernel_json(report).dump()};
}

}  // namespace

void add_judge(nb::module_& m) {
  nb::class_<Report>(m, "Report", "What was found out about outputs.")
      .def_ro("verdict", &Report::verdict)
      .def_ro("text", &Report::text)
      .def_ro("json", &Report::json);
  m.def("judge", &judge, nb::arg("inputs"), nb::arg("numbers"), nb::arg("causal"), nb::arg("out"),
        nb::arg("lse").none(), nb::arg("contract"), nb::arg("rows").none(), nb::arg("seed"),
        nb::arg("threads"), "Judges outputs against the certified bound; see attest.judge.");
}

}  // namespace attest::python
