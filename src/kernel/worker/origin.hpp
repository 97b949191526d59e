// How a worker is told from other processes, and how it stops being.
#pragma once

#include <string>

namespace attest::kernel {

/// In the environment of a worker until it has started. A program whose main does not know kWorkerArgument
/// would run itself as its own worker, and that one again.
inline constexpr const char* kWorkerMark = "ATTEST_WORKER";

/// Small allocations that a thread's cache hands out are not filled by M_PERTURB, so a worker has no such
/// cache. Memory that a call gives back is kept for the next one, as its pages would have to be cleared
/// again. The last of its GLIBC_TUNABLES, which are the tool's own apart from it.
inline constexpr const char* kWorkerTunable =
    "glibc.malloc.tcache_count=0:glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456";

/// Removes from the arguments, the environment and the name of this process what says that a tool checks
/// kernels in it, so that no kernel computes otherwise for that. What remains is the path of the executable,
/// the parent, and that tensors have pages of their own. The arguments after the first are gone afterwards.
void hide_origin(int argc, char** argv);

}  // namespace attest::kernel
