// What a worker may not do to the system and to other processes, and what it tried.
#pragma once

#include <string>

namespace attest::kernel {

/// The threads that a filter is for: the calling one and those that it starts later, or all of the process.
enum class FilterReach : bool { one_thread, all_threads };

/// Filters the system calls of this process, of its later threads and of processes that it starts. Signals to
/// other processes, tracing, sockets, new sessions, io_uring and changes to the system are denied with an
/// error number; a handler for SIGSEGV or SIGBUS is allowed, and noted. Threads, files and child processes
/// remain possible. Returns why there is no filter; empty when there is one.
/// Precondition: split_off_worker has returned; one thread, or a reach of all threads.
std::string confine(FilterReach reach = FilterReach::one_thread);

/// What this process and its children tried since the last call of this function, as clauses without a
/// subject ("tries to signal another process"), joined by "; ". Empty without a filter. New sessions are left
/// out on request: where a process is left anyway, whether it has tried that yet is a matter of time.
enum class Sessions : bool { left_out, included };
std::string take_attempts(Sessions sessions = Sessions::included);

}  // namespace attest::kernel
