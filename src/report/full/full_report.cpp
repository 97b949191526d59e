#include "report/full/full_report.hpp"

#include "prove/prove_json.hpp"
#include "report/check/check_json.hpp"
#include "report/forms/forms_report.hpp"
#include "report/space/space_json.hpp"

namespace attest::report {

Json report_json(const FullReport& report) {
  Json json = report_header("report", report.seed);
  json["effort"] = report.effort;
  json["forms"] = matrix_json(report.matrix);
  json["error_growth"] = growth_json(report.growth);
  json["proofs"] = {{"versions", {{"z3", prove::z3_version()}, {"cvc5", prove::cvc5_version()}}},
                    {"seconds", report.proof_seconds},
                    {"theorems", Json::array()}};
  for (const prove::TheoremReport& theorem : report.proofs)
    json["proofs"]["theorems"].push_back(prove::theorem_json(theorem));
  json["proofs"]["coq"] = prove::coq_json(report.coq);
  json["space"] = space_json(report.space);
  json["kernel_memory"] = kernel_memory_json(report.kernel_memory);
  json["kernels"] = Json::array();
  for (const check::KernelReport& kernel : report.kernels) json["kernels"].push_back(kernel_json(kernel));
  json["unavailable"] = Json::array();
  for (const UnavailableKernel& kernel : report.unavailable) {
    json["unavailable"].push_back({{"name", kernel.name}, {"why", kernel.why}});
  }
  json["costs"] = report.costs ? report.costs->json : Json(nullptr);
  return json;
}

}  // namespace attest::report
