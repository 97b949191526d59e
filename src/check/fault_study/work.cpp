#include "check/fault_study/work.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>

namespace attest::check {

void run_all(const std::vector<std::function<void()>>& work, unsigned threads) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> errors(work.size());
  const auto worker = [&] {
    for (std::size_t at = next++; at < work.size(); at = next++) {
      try {
        work[at]();
      } catch (...) {
        errors[at] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> pool;
  for (unsigned i = 1; i < threads; ++i) pool.emplace_back(worker);
  worker();
  for (std::thread& thread : pool) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace attest::check
