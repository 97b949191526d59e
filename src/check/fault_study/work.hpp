// Jobs on several threads.
#pragma once

#include <functional>
#include <vector>

namespace attest::check {

/// Runs each job once, on any of the threads. Rethrows what the first in order threw, after all have ended.
void run_all(const std::vector<std::function<void()>>& work, unsigned threads);

}  // namespace attest::check
