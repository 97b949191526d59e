#include "report/full_report.hpp"

namespace attest {

Json report_json(const FullReport& report) {
  Json json = report_header("report", report.seed);
  json["effort"] = report.effort;
  json["kernels"] = Json::array();
  for (const KernelReport& kernel : report.kernels) json["kernels"].push_back(kernel_json(kernel));
  json["unavailable"] = Json::array();
  for (const UnavailableKernel& kernel : report.unavailable) {
    json["unavailable"].push_back({{"name", kernel.name}, {"why", kernel.why}});
  }
  return json;
}

}  // namespace attest
