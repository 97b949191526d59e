#include "cli/captures.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/output/outputs.hpp"
#include "files/byte_source.hpp"
#include "files/capture/capture.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/opencl_spec.hpp"
#include "kernel/python_spec.hpp"
#include "problem/quote.hpp"

namespace attest::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOrigin = "note_row_of";

// The capture of the worst row: STEM-1.safetensors of STEM.npz.
fs::path row_file(const std::string& path, const std::string& folder) {
  return fs::path(folder) / (fs::path(path).lexically_normal().stem().string() + "-1.safetensors");
}

// The row that an earlier check of this capture wrote, which would look current.
void remove_old_row(const std::string& path, const std::string& folder) {
  const fs::path row = row_file(path, folder);
  std::error_code ignored;
  if (!fs::exists(row, ignored)) return;
  try {
    const files::TensorArchive archive =
        files::parse_safetensors(files::FileSource(row.string(), files::kMostFileBytes));
    if (files::text_of(archive, kOrigin) == path) fs::remove(row, ignored);
  } catch (const files::FileFormatError&) {  // somebody else's
  }
}

std::string write_row(const files::Capture& capture, const check::Finding& finding, const std::string& path,
                      const std::string& findings_dir) {
  const Result row = check::capture_row_result(capture.result, finding.problem, finding.elements.front());
  files::TensorArchive archive = files::archive_of(finding.problem);
  archive.tensors["out"] = row.out;
  if (row.lse) archive.tensors["lse"] = *row.lse;
  archive.texts["want_lse"] = row.lse ? "1" : "0";
  archive.texts[kOrigin] = path;
  if (!finding.declared_contract.empty()) archive.texts["contract"] = finding.declared_contract;
  fs::create_directories(findings_dir);
  const fs::path to = row_file(path, findings_dir);
  files::write_file(to.string(), files::safetensors_of(archive));
  return to.string();
}

void write_rows(const files::Capture& capture, const std::string& path, const std::string& findings_dir,
                check::KernelReport& report) {
  try {
    remove_old_row(path, findings_dir);
    for (check::Finding& finding : report.findings)
      finding.file = write_row(capture, finding, path, findings_dir);
    if (report.inferred) {
      for (check::Finding& finding : report.inferred->evidence)
        finding.file = write_row(capture, finding, path, findings_dir);
    }
  } catch (const files::FileFormatError& error) {
    note_lost_output(error.what());
  } catch (const fs::filesystem_error& error) {
    note_lost_output(fmt::format("cannot write into {}: {}", findings_dir, error.code().message()));
  }
}

}  // namespace

// A folder may have the name of a kernel.
bool is_capture(const std::string& name) {
  const bool local = name.find('/') == std::string::npos;
  if (local && (kernel::find_adapter_family(name.substr(0, name.find(':'))) != nullptr ||
                kernel::is_python_spec(name)))
    return false;
  if (kernel::opencl_of_spec(name) || kernel::command_of_spec(name)) return false;
  return !name.starts_with("py:") && files::looks_like_capture(name);
}

check::KernelReport run_capture(const std::string& path, CaptureCheck options) {
  const files::Capture capture = files::read_capture(path, options.order);
  check::CaptureOptions& how = options.how;
  const DType q = capture.problem.q.dtype();
  const DType kv = capture.problem.k.dtype();
  if (!how.contract.empty() && !oracle::contract_for(how.contract, q, kv).declared) {
    throw UsageError(fmt::format("--contract: {} does not fit {}, which holds q in {} and k, v in {} ({})",
                                 how.contract, quote(path), name_of(q), name_of(kv),
                                 oracle::contract_for("", q, kv).text));
  }
  if (how.contract.empty()) how.contract = capture.contract;
  check::KernelReport report = check::check_capture(path, capture.problem, capture.result, how);
  if (!options.findings_dir.empty()) write_rows(capture, path, options.findings_dir, report);
  return report;
}

}  // namespace attest::cli
