#include "cli/studies/detection.hpp"

#include <fmt/format.h>

#include "cli/output/progress.hpp"
#include "report/faults/peers_report.hpp"

namespace attest::cli {
namespace {

report::Detection measured(const CommonOptions& common, const DetectionOptions& asked,
                           check::StudyOptions& study, const std::string& effort) {
  report::Detection found;
  found.effort = effort;
  found.seed = common.seed;
  found.control_cases = study.control_cases;
  StatusLine line(common.quiet);
  study.progress = [&](std::int64_t done, std::int64_t planned, const std::string& name) {
    line.show(fmt::format("{} of {}   {}", done, planned, name));
  };
  if (asked.peers) found.peers = check::run_peer_study(study);
  if (asked.resolution) found.resolution = check::run_resolution_study(study);
  return found;
}

}  // namespace

Exit run_detection(const CommonOptions& common, const DetectionOptions& asked, check::StudyOptions study,
                   const std::string& effort) {
  report::Detection found;
  try {
    found = measured(common, asked, study, effort);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
  report::Json json = report::report_header("faults", common.seed);
  json["effort"] = effort;
  if (asked.peers) json["peers"] = report::peers_json(found.peers);
  if (asked.resolution) json["resolution"] = report::resolution_json(found.resolution);
  write_json(common, json);
  if (asked.markdown) {
    fmt::print("{}", report::detection_markdown(found));
  } else if (common.json != "-") {
    if (asked.peers) fmt::print("{}", report::peers_text(found.peers));
    if (asked.resolution)
      fmt::print("{}{}", asked.peers ? "\n" : "", report::resolution_text(found.resolution));
  }
  const auto faults = found.peers.accepted_by_attest(false);
  const auto controls = found.peers.accepted_by_attest(true);
  return faults.accepted == 0 && controls.accepted == controls.of ? Exit::ok : Exit::defect;
}

}  // namespace attest::cli
