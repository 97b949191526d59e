// A device of an OpenCL driver, and what is made on it: programs and guarded buffers.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/opencl/api.hpp"

namespace attest::kernel::opencl {

template <class Object>
using Owned = std::unique_ptr<Object, std::function<void(Object*)>>;

/// Memory has no guard pages on a device, so that a buffer lies between canaries.
enum class Guard : std::uint8_t {
  canaries,  ///< kPoison before and after, which is looked at after the call
  driver,    ///< none: the driver watches every access itself
};

class Device {
 public:
  /// The first device of the library's first platform that has any, a GPU before others. Throws
  /// KernelUnavailable.
  Device(const std::string& library, Guard guard);

  /// "PoCL 3.1 (OpenCL 3.0 PoCL 3.1 ...), cpu-name"
  const std::string& description() const { return description_; }
  const Api& api() const { return api_; }
  Queue* queue() const { return queue_.get(); }
  Guard guard() const { return guard_; }
  std::size_t pad() const { return pad_; }
  std::size_t largest_buffer() const { return largest_buffer_; }

  Owned<Memory> memory(std::size_t bytes) const;
  /// The part of a buffer after so many bytes.
  Owned<Memory> part(Memory* whole, std::size_t origin, std::size_t bytes) const;
  /// Throws std::runtime_error with the compiler's first line.
  Owned<Program> program(const std::string& source, const std::string& options) const;
  Owned<Entry> kernel(Program* program, const std::string& name) const;

 private:
  std::string info(std::uint32_t what) const;
  std::size_t number(std::uint32_t what, std::size_t bytes) const;
  std::string first_error(Program* program) const;

  Api api_;
  Guard guard_;
  DeviceId* id_ = nullptr;
  std::string description_;
  std::size_t pad_ = 4096;
  std::size_t largest_buffer_ = 0;
  Owned<Context> context_;
  Owned<Queue> queue_;
};

/// A buffer with an image on the host of what it held before the call.
class GuardedBuffer {
 public:
  /// Holds these bytes.
  GuardedBuffer(const Device& device, std::vector<std::byte> contents);

  /// What a kernel gets as its argument.
  Memory* argument() const { return part_ ? part_.get() : whole_.get(); }
  /// Reads it back. Call once, after the kernel.
  void fetch();
  bool surroundings_intact() const;
  bool contents_intact() const;
  const std::byte* contents() const { return after_.data() + pad_; }

 private:
  const Device& device_;
  std::size_t pad_, bytes_;
  std::vector<std::byte> before_, after_;
  Owned<Memory> whole_, part_;
};

}  // namespace attest::kernel::opencl
