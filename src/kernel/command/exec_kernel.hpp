// A kernel that is a command: cases go to it as safetensors files, results come back as safetensors files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "files/axis_order.hpp"
#include "files/tensor_archive.hpp"
#include "kernel/kernel.hpp"

namespace attest::kernel {

/// The command runs through /bin/sh. `{in}` stands for the case's file (see files/problem_archive.hpp),
/// `{out}` for the file that it must write: a tensor out, lse where want_lse is 1, or the text status =
/// "unsupported" to decline. With `{in_dir}` and `{out_dir}` instead, it gets a folder of cases and writes
/// one file a case under the same name, so that starting it is paid once for many; what it declines with lse
/// it gets without as well, together. Another exit status than 0 is a failure. docs/formats.md has examples.
class ExecKernel : public Kernel {
 public:
  /// `order`: of q, k, v and out in the files. Throws KernelOpenError for a command without both placeholders
  /// of one kind, and for one whose program does not exist.
  explicit ExecKernel(const std::string& command, files::AxisOrder order = files::AxisOrder::bhtd);
  ExecKernel(const ExecKernel&) = delete;
  ExecKernel& operator=(const ExecKernel&) = delete;
  ~ExecKernel() override;

  const KernelInfo& info() const override { return info_; }
  RunOutcome run(const Problem& problem, const RunOptions& options) override;
  bool takes_layouts() const override { return false; }
  bool prefers_batches() const override { return batches_; }
  bool starts_for_each_call() const override { return !batches_; }
  void prefetch(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit) override;

 private:
  RunOutcome run_alone(const Problem& problem, const files::Bytes& file,
                       std::chrono::milliseconds limit) const;
  std::string command_for(const std::string& in, const std::string& out) const;
  /// Starts the command once for all of them, and keeps its answers.
  void run_together(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit);
  bool is_declined(const Problem& announced) const;

  files::Bytes file_of(const Problem& problem) const;
  RunOutcome read_answer(const std::filesystem::path& path, const Problem& problem) const;

  std::string command_;
  files::AxisOrder order_;
  bool batches_ = false;
  KernelInfo info_;
  std::filesystem::path folder_;
  std::multimap<files::Bytes, RunOutcome> ready_;  ///< of prefetched problems, each given out once
  bool declines_lse_ = false;  ///< it has declined a problem for its lse: those go to it without, too
};

}  // namespace attest::kernel
