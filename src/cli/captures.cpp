#include "cli/captures.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "files/capture.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"

namespace attest::cli {
namespace {

namespace fs = std::filesystem;

std::string write_row(const files::Capture& capture, const check::Finding& finding, const std::string& path,
                      const std::string& findings_dir) {
  const Result row = check::capture_row_result(capture.result, finding.problem, finding.elements.front());
  files::TensorArchive archive = files::archive_of(finding.problem);
  archive.tensors["out"] = row.out;
  if (row.lse) archive.tensors["lse"] = *row.lse;
  archive.texts["want_lse"] = row.lse ? "1" : "0";
  if (!finding.declared_contract.empty()) archive.texts["contract"] = finding.declared_contract;
  fs::create_directories(findings_dir);
  const fs::path to = fs::path(findings_dir) / (fs::path(path).stem().string() + "-1.safetensors");
  files::write_file(to.string(), files::safetensors_of(archive));
  return to.string();
}

}  // namespace

check::KernelReport run_capture(const std::string& path, check::CaptureOptions options,
                                const std::string& findings_dir) {
  const files::Capture capture = files::read_capture(path);
  const DType q = capture.problem.q.dtype();
  const DType kv = capture.problem.k.dtype();
  if (!options.contract.empty() && !oracle::contract_for(options.contract, q, kv).declared) {
    throw UsageError(fmt::format("--contract: {} does not fit {}, which holds q in {} and k, v in {} ({})",
                                 options.contract, path, name_of(q), name_of(kv),
                                 oracle::contract_for("", q, kv).text));
  }
  if (options.contract.empty()) options.contract = capture.contract;
  check::KernelReport report = check::check_capture(path, capture.problem, capture.result, options);
  if (!findings_dir.empty()) {
    for (check::Finding& finding : report.findings)
      finding.file = write_row(capture, finding, path, findings_dir);
    if (report.inferred) {
      for (check::Finding& finding : report.inferred->evidence)
        finding.file = write_row(capture, finding, path, findings_dir);
    }
  }
  return report;
}

}  // namespace attest::cli
