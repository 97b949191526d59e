#include "kernel/adapters/ggml/threads.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "kernel/adapters/ggml/api.hpp"

namespace attest::kernel::ggml {

/// ggml_threadpool_params of ggml.h.
struct ThreadPoolParams {
  std::array<bool, 512> cpus{};
  int threads = 1;
  int priority = 0;
  std::uint32_t poll = 0;  ///< how long idle threads spin, in hundredths; 0: they sleep
  bool strict = true;      ///< a CPU for each thread, in the order of `cpus`
  bool paused = false;
};

Threads::Threads(const Library& library) : library_(library) {
  if (::sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) CPU_ZERO(&allowed_);
}

void Threads::set(int count) {
  pool_ = pool_of(count);
  if (library_.set_pool != nullptr)
    library_.set_pool(library_.backend, pool_ == nullptr ? nullptr : pool_->threads);
  library_.set_threads(library_.backend, count);
}

const Threads::Pool* Threads::pool_of(int count) {
  const bool fits = count > 1 && count <= CPU_COUNT(&allowed_);
  if (!fits || library_.new_pool == nullptr || library_.set_pool == nullptr) return nullptr;
  auto known = pools_.find(count);
  if (known == pools_.end()) known = pools_.emplace(count, new_pool(count)).first;
  return known->second.threads == nullptr ? nullptr : &known->second;
}

Threads::Pool Threads::new_pool(int count) const {
  ThreadPoolParams params;
  params.threads = count;
  const std::size_t most = std::min<std::size_t>(params.cpus.size(), CPU_SETSIZE);
  for (std::size_t cpu = 0, placed = 0; cpu < most && placed < static_cast<std::size_t>(count); ++cpu) {
    if (!CPU_ISSET(cpu, &allowed_)) continue;
    params.cpus[cpu] = true;
    ++placed;
  }
  Pool pool{library_.new_pool(&params), allowed_};
  // A new pool binds the thread that makes it, to the last of the CPUs.
  if (::sched_getaffinity(0, sizeof pool.caller, &pool.caller) != 0) pool.caller = allowed_;
  ::sched_setaffinity(0, sizeof allowed_, &allowed_);
  return pool;
}

Threads::Bound::Bound(const Threads& threads) : threads_(threads) {
  if (threads_.pool_ != nullptr)
    ::sched_setaffinity(0, sizeof threads_.pool_->caller, &threads_.pool_->caller);
}

Threads::Bound::~Bound() {
  if (threads_.pool_ != nullptr) ::sched_setaffinity(0, sizeof threads_.allowed_, &threads_.allowed_);
}

}  // namespace attest::kernel::ggml
