#include "kernel/command/exec_kernel.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "files/names.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "kernel/command/command.hpp"
#include "kernel/command/program.hpp"
#include "kernel/memory/forward_description.hpp"
#include "kernel/run_status.hpp"
#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// The name stands in the command as it is, so it must mean nothing to a shell.
bool is_plain(const std::string& path) {
  return std::all_of(path.begin(), path.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '.';
  });
}

fs::path new_folder() {
  std::error_code error;
  fs::path base = fs::temp_directory_path(error);
  if (error || !is_plain(base.string())) base = "/tmp";
  std::string name = (base / "attest-exec-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  return name;
}

RunOutcome ended(RunStatus status, std::string detail, int code = 0) {
  RunOutcome outcome;
  outcome.status = status;
  outcome.code = code;
  outcome.detail = std::move(detail);
  return outcome;
}

RunOutcome failure_of(const CommandEnd& end) {
  if (end.timed_out) return ended(RunStatus::timed_out, end.text);
  // A shell tells of a command's signal by a status above 128.
  const int signal = end.signal != 0 ? end.signal : end.status > 128 ? end.status - 128 : 0;
  return signal != 0 ? ended(RunStatus::crashed, end.text, signal)
                     : ended(RunStatus::failed, end.text, end.status);
}

// What an answer has at most: its tensors, its header, and gaps between them.
std::uint64_t most_bytes(const Problem& problem) {
  constexpr std::uint64_t kGaps = std::uint64_t{1} << 20;
  const auto rows = static_cast<std::uint64_t>(problem.batch() * problem.q_heads() * problem.q_len());
  const std::uint64_t row = static_cast<std::uint64_t>(problem.v_dim()) * size_of(problem.q.dtype());
  return rows * (row + size_of(problem.lse_dtype())) + files::kMostHeaderBytes + kGaps;
}

void write_case(const fs::path& path, const files::Bytes& file) {
  try {
    files::write_file(path.string(), file);
  } catch (const files::FileFormatError& error) {
    throw std::runtime_error(error.what());  // this is attest's own folder: not the user's mistake
  }
}

// Layouts that say something only of memory: files hold packed tensors.
bool lies_specially(const Problem& p) {
  return !p.out_strides.empty() || !p.lse_strides.empty() || k_lies_in_q(p) || v_lies_in_k(p) ||
         reaches_far(describe_forward(p));
}

Problem lse_dropped(Problem problem) {
  problem.want_lse = false;
  return problem;
}

}  // namespace

ExecKernel::ExecKernel(const std::string& command, files::AxisOrder order)
    : command_(command), order_(order) {
  batches_ = contains(command, "{in_dir}") && contains(command, "{out_dir}");
  if (!batches_ && !(contains(command, "{in}") && contains(command, "{out}"))) {
    throw KernelOpenError(fmt::format(
        "exec:{} must contain {{in}} and {{out}} (files), or {{in_dir}} and {{out_dir}} (folders of cases)",
        quote(command)));
  }
  if (const std::string why = why_no_program(command); !why.empty())
    throw KernelOpenError(fmt::format("exec:{}: {}", quote(command), why));
  info_.name = "exec:" + command;
  folder_ = new_folder();
}

ExecKernel::~ExecKernel() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string ExecKernel::command_for(const std::string& in, const std::string& out) const {
  std::string command = command_;
  replace_all(command, batches_ ? "{in_dir}" : "{in}", in);
  replace_all(command, batches_ ? "{out_dir}" : "{out}", out);
  return command;
}

RunOutcome ExecKernel::run_alone(const Problem& problem, const files::Bytes& file, milliseconds limit) const {
  const fs::path in = folder_ / "in";
  const fs::path out = folder_ / "out";
  for (const fs::path& path : {in, out}) {
    fs::remove_all(path);
    fs::create_directory(path);
  }
  write_case(in / "case.safetensors", file);
  const fs::path answer = out / "case.safetensors";
  const std::string command = batches_ ? command_for(in.string(), out.string())
                                       : command_for((in / "case.safetensors").string(), answer.string());
  CommandEnd end = run_command(command, limit);
  RunOutcome outcome = !end.succeeded()     ? failure_of(end)
                       : fs::exists(answer) ? read_answer(answer, problem)
                                            : ended(RunStatus::failed, "it succeeded but wrote no result");
  outcome.printed = std::move(end.printed);
  return outcome;
}

files::Bytes ExecKernel::file_of(const Problem& problem) const {
  return files::safetensors_of(files::archive_of(problem, order_));
}

RunOutcome ExecKernel::read_answer(const fs::path& path, const Problem& problem) const {
  try {
    const files::TensorArchive archive = files::parse_safetensors(
        files::FileSource(path.string(), most_bytes(problem)), files::require_tensor_name);
    if (files::text_of(archive, "status") == "unsupported") return ended(RunStatus::unsupported, "declined");
    RunOutcome outcome;
    outcome.result = files::result_from(archive, problem, order_);
    if (!problem.want_lse) outcome.result.lse.reset();
    if (problem.want_lse && !outcome.result.lse) return ended(RunStatus::unsupported, "wrote no lse");
    return outcome;
  } catch (const files::FileFormatError& error) {
    return ended(RunStatus::failed, fmt::format("its output is not a valid result: {}", error.what()));
  }
}

RunOutcome ExecKernel::run(const Problem& problem, const RunOptions& options) {
  if (options.threads != 0) return ended(RunStatus::unsupported, kNoThreads);
  if (lies_specially(problem)) {
    RunOutcome outcome = ended(RunStatus::unsupported, "a file can hold only packed tensors");
    outcome.not_put = true;
    return outcome;
  }
  const files::Bytes file = file_of(problem);
  const auto found = ready_.find(file);
  if (found == ready_.end()) return run_alone(problem, file, options.time_limit);
  RunOutcome outcome = std::move(found->second);
  ready_.erase(found);
  return outcome;
}

void ExecKernel::prefetch(const std::vector<Problem>& problems, milliseconds time_limit) {
  ready_.clear();
  if (!batches_ || problems.empty()) return;
  std::vector<Problem> wanted;
  std::remove_copy_if(problems.begin(), problems.end(), std::back_inserter(wanted), lies_specially);
  if (wanted.empty()) return;
  std::vector<Problem> without_lse;
  for (const Problem& problem : wanted) {
    if (problem.want_lse) without_lse.push_back(lse_dropped(problem));
  }
  if (declines_lse_) wanted.insert(wanted.end(), without_lse.begin(), without_lse.end());
  run_together(wanted, time_limit);
  if (declines_lse_) return;
  // What is declined with lse will be asked for without, and then the command would start for each alone.
  std::vector<Problem> again;
  for (const Problem& problem : wanted) {
    if (problem.want_lse && is_declined(problem)) again.push_back(lse_dropped(problem));
  }
  if (again.empty()) return;
  run_together(again, time_limit);
  declines_lse_ = std::any_of(again.begin(), again.end(), [&](const Problem& p) { return !is_declined(p); });
}

bool ExecKernel::is_declined(const Problem& problem) const {
  const auto found = ready_.find(file_of(problem));
  return found != ready_.end() && found->second.status == RunStatus::unsupported;
}

void ExecKernel::run_together(const std::vector<Problem>& problems, milliseconds time_limit) {
  const fs::path in = folder_ / "in";
  const fs::path out = folder_ / "out";
  for (const fs::path& path : {in, out}) {
    fs::remove_all(path);
    fs::create_directory(path);
  }
  std::vector<files::Bytes> files;
  const auto name = [](std::size_t i) { return fmt::format("case-{:04}.safetensors", i); };
  for (const Problem& problem : problems) {
    files.push_back(file_of(problem));
    write_case(in / name(files.size() - 1), files.back());
  }
  run_command(command_for(in.string(), out.string()), time_limit * 4);
  // Cases without an answer are put to the command alone when they are asked for, which tells which one it
  // fails on.
  for (std::size_t i = 0; i < problems.size(); ++i) {
    std::error_code ignored;
    if (fs::exists(out / name(i), ignored))
      ready_.emplace(std::move(files[i]), read_answer(out / name(i), problems[i]));
  }
}

}  // namespace attest::kernel
