// What the fuzz targets share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "files/tensor_archive.hpp"

namespace attest::test {

inline files::ByteView bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), size};
}

/// Ends the fuzzer where what was promised does not hold.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

/// A message is one line for a terminal, whatever the input. main() cuts it to 190 bytes; parsers alone stay
/// below this.
inline void require_short(const char* message) {
  std::size_t length = 0;
  for (; message[length] != '\0'; ++length) {
    const auto c = static_cast<unsigned char>(message[length]);
    require(c >= 0x20 && c != 0x7f, "a message with control characters");
  }
  require(length > 0 && length < 400, "a message of an odd length");
}

/// Refusing is an answer; any other exception ends the fuzzer.
template <class Read>
int read_or_refuse(const Read& read) {
  try {
    read();
  } catch (const files::FileFormatError& error) {
    require_short(error.what());
  }
  return 0;
}

/// The tensors and texts together need no more memory than `most`.
inline void require_within(const files::TensorArchive& archive, std::size_t most) {
  std::size_t held = 0;
  for (const auto& [name, tensor] : archive.tensors) held += tensor.bytes().size();
  for (const auto& [name, text] : archive.texts) held += text.size();
  require(held <= most, "an archive that holds more than its file");
}

}  // namespace attest::test
