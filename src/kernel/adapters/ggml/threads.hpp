// The threads that compute a graph, each on a CPU of its own.
//
// ggml starts its threads anew for every graph unless it is given a pool, and they wait for each other at
// barriers without sleeping. A thread that has just started is often put on the CPU of the one that started
// it; then each waits for the other's time slice to end, which took nine tenths of a campaign's time.
#pragma once

#include <map>

#include <sched.h>

namespace attest::kernel::ggml {

struct Backend;
struct Library;
struct ThreadPool;

class Threads {
 public:
  /// For calls from the thread that makes this. The library outlives it.
  explicit Threads(const Library& library);

  /// So many threads for the graphs that follow. Where the process may use fewer CPUs, ggml places them.
  void set(int count);

  /// Binds the calling thread to its CPU while it computes, and gives it back what it had: a kernel leaves
  /// its process as it was.
  class Bound {
   public:
    explicit Bound(const Threads& threads);
    ~Bound();
    Bound(const Bound&) = delete;
    Bound& operator=(const Bound&) = delete;

   private:
    const Threads& threads_;
  };

 private:
  struct Pool {
    ThreadPool* threads = nullptr;
    cpu_set_t caller{};  ///< the CPU that ggml has for the calling thread
  };
  /// Null where ggml places the threads.
  const Pool* pool_of(int count);
  Pool new_pool(int count) const;

  const Library& library_;
  cpu_set_t allowed_{};         ///< of the calling thread, before anything was placed
  const Pool* pool_ = nullptr;  ///< of the graphs that follow
  std::map<int, Pool> pools_;   ///< by their number of threads; kept as long as the process, like the library
};

}  // namespace attest::kernel::ggml
