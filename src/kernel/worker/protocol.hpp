// What the tool and its worker say to each other: fixed-size messages over a SOCK_SEQPACKET socket pair.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "kernel/implementation.hpp"
#include "kernel/memory/forward_description.hpp"
#include "kernel/memory/slot_memory.hpp"

namespace attest::kernel {

/// Descriptors that a worker finds open.
inline constexpr int kWorkerSocket = 3;
inline constexpr int kWorkerMemory = 4;
inline constexpr int kSupervisorNotes = 5;  ///< see supervisor.hpp; the worker closes it

/// Text of at most N - 1 bytes inside a message; what does not fit is cut.
template <std::size_t N>
class Text {
 public:
  static constexpr std::size_t kMaxSize = N - 1;

  void set(std::string_view text) {
    const std::size_t size = text.size() < kMaxSize ? text.size() : kMaxSize;
    std::memcpy(bytes_.data(), text.data(), size);
    bytes_[size] = '\0';
  }
  std::string get() const { return {bytes_.data(), ::strnlen(bytes_.data(), kMaxSize)}; }

 private:
  std::array<char, N> bytes_{};
};

/// The worker's first message: what it opened, or why it could not.
struct OpenReply {
  std::uint64_t alignment = 0;
  std::int32_t threads = 1;
  std::uint32_t opened = 0;
  Text<512> name;
  Text<256> version;
  Text<kLongestContract + 1> contract;
  Text<512> kv_lens_by_mask;
  Text<512> loading;  ///< as in KernelInfo
  std::uint32_t loading_flushes = 0;
  Text<256> unconfined;           ///< as in KernelInfo
  std::uint32_t unavailable = 0;  ///< with an error: what the kernel runs on is missing
  Text<4096> error;
};

struct RunRequest {
  std::uint64_t sequence = 0;
  SlotMemory::Capacities capacities{};  ///< of the shared memory; a change means: map it anew
  PerSlot<std::uint64_t> offsets{};
  ForwardDescription forward;
  std::int32_t threads = 0;          ///< 0: as many as before
  std::int32_t form = -1;            ///< of the operator; -1: as it was opened
  std::uint8_t fresh_memory = 0xfe;  ///< as in RunOptions
  std::uint8_t measure_heap = 0;
  std::uint8_t measure_held = 0;
};

enum class Answer : std::uint32_t {
  returned,    ///< status is what the kernel returned
  no_threads,  ///< the kernel cannot be told its number of threads
  threw,       ///< an exception; text says which
  compiling,   ///< no answer yet: the call compiles for a device first
  faulted,     ///< it is about to be killed, as `fault` says; a CallStack follows, and it waits for an answer
};

/// An access that a page's protection stopped.
struct Misaccess {
  enum class Kind : std::uint32_t {
    none,          ///< not one of a tensor's pages
    past_end,      ///< `bytes` past the end of a tensor (1: the first byte past it)
    before_begin,  ///< `bytes` before its begin (1: the byte before it)
    input_write,   ///< a write to an input, at `bytes` from its begin
  };
  Kind kind = Kind::none;
  Slot slot = Slot::q;
  std::uint64_t bytes = 0;
};

/// A signal that is about to end the worker.
struct Fault {
  std::int32_t signal = 0;
  std::uint32_t has_address = 0;
  std::uint64_t address = 0;  ///< of the access, where has_address is set
  std::uint64_t at = 0;       ///< the instruction
  Misaccess misaccess;
};

/// Instructions, the innermost call first; after the first, each is where a call returns to.
struct CallStack {
  std::uint64_t count = 0;
  std::array<std::uint64_t, 32> at{};
};

struct RunReply {
  std::uint64_t sequence = 0;  ///< of the request it answers
  Answer answer = Answer::returned;
  std::int32_t status = 0;
  Trespass trespass = Trespass::none;  ///< on a device, when returned; text says which
  Fault fault;                         ///< when faulted
  std::uint64_t stack_bytes = 0;       ///< 0: not measured
  std::uint64_t heap_bytes = 0;        ///< valid when heap_measured
  std::uint32_t heap_measured = 0;
  Text<2048> text;
  Text<512> environment;  ///< as in RunOutcome
  std::uint32_t left_processes = 0;
  std::uint32_t held_measured = 0;
  Held held;  ///< valid when held_measured
};

}  // namespace attest::kernel
