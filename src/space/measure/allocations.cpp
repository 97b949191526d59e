#include "space/measure/allocations.hpp"

#include <cerrno>
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#include <sanitizer/allocator_interface.h>
#endif

namespace attest::space {
namespace {

thread_local std::uint64_t allocations = 0;

}  // namespace

std::uint64_t allocations_of_this_thread() noexcept { return allocations; }

}  // namespace attest::space

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

namespace {

void counted(const volatile void*, std::size_t) { ++attest::space::allocations; }
void ignored(const volatile void*) {}
[[maybe_unused]] const int kInstalled = __sanitizer_install_malloc_and_free_hooks(counted, ignored);

}  // namespace

#else

// glibc lets a program put its own functions before these, and offers its own by other names (the manual,
// "Replacing malloc"). All that allocate are here, free included, as it demands.
extern "C" {

void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* old, std::size_t size) noexcept;
void* __libc_memalign(std::size_t alignment, std::size_t size) noexcept;
void __libc_free(void* memory) noexcept;

void* malloc(std::size_t size) noexcept { return ++attest::space::allocations, __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) noexcept {
  return ++attest::space::allocations, __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  return ++attest::space::allocations, __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return ++attest::space::allocations, __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  void* const block = memalign(alignment, size);
  if (block == nullptr) return ENOMEM;
  *memory = block;
  return 0;
}
void free(void* memory) noexcept { __libc_free(memory); }
}

#endif
