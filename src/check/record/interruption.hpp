// A person's wish to end what runs, and see what was found so far. It concerns the whole process.
#pragma once

#include <atomic>

namespace attest::check {

namespace interruption {
inline std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");
}  // namespace interruption

/// Campaigns end at their next case, exploring and shrinking at their next call. May be called by a signal
/// handler.
inline void request_stop() { interruption::requested = true; }
inline bool stop_requested() { return interruption::requested; }

}  // namespace attest::check
