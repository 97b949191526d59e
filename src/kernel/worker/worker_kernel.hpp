// A kernel in a worker process, as the tool sees it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kernel/kernel.hpp"
#include "kernel/memory/case_memory.hpp"
#include "kernel/worker/protocol.hpp"
#include "kernel/worker/worker_process.hpp"

namespace attest::kernel {

/// How long a worker may take to start and to load its kernel.
inline constexpr std::chrono::milliseconds kOpenTimeLimit{60'000};
/// An interpreter imports a framework meanwhile, for seconds on an idle machine, and far longer on a busy
/// one.
inline constexpr std::chrono::milliseconds kImportTimeLimit{300'000};

/// Starts its worker when it is made, and again for the first case after the worker crashed or was killed.
class WorkerKernel : public Kernel {
 public:
  /// spec is expanded (see expand_kernel_spec). Throws KernelOpenError, or std::system_error when no process
  /// or memory can be had.
  explicit WorkerKernel(std::string spec, std::chrono::milliseconds open_limit = kOpenTimeLimit);

  const KernelInfo& info() const override { return info_; }
  RunOutcome run(const Problem& problem, const RunOptions& options) override;
  void forget() override { process_.reset(); }

  /// Later calls ask the operator in this form (see FormTable); -1: as it was opened.
  void set_form(std::int32_t form) { form_ = form; }

  /// Of the worker that serves now; -1 when there is none until the next case.
  pid_t worker_pid() const { return process_ ? process_->pid() : -1; }

 private:
  void start();
  RunOutcome ask(const Problem& problem, const RunOptions& options);
  WorkerProcess::Wait receive_in_time(RunReply& reply, std::chrono::milliseconds time_limit);
  WorkerProcess::Wait receive_answer(RunReply& reply, std::chrono::milliseconds time_limit);
  RunOutcome understand(const RunReply& reply, const Problem& problem);
  RunOutcome outcome_of(const RunReply& reply, const Problem& problem);
  RunOutcome after_fault(const Fault& fault);
  RunOutcome after_end(const std::string& where = "", int announced = 0);

  std::string spec_;
  std::chrono::milliseconds open_limit_;
  KernelInfo info_;
  std::optional<CaseMemory> memory_;
  std::unique_ptr<WorkerProcess> process_;
  std::uint64_t sequence_ = 0;
  std::int32_t form_ = -1;
};

}  // namespace attest::kernel
