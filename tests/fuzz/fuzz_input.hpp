// What the fuzz targets share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "files/tensor_archive.hpp"

namespace attest::test {

inline files::ByteView bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), size};
}

/// Refusing is an answer; any other exception ends the fuzzer.
template <class Read>
int read_or_refuse(const Read& read) {
  try {
    read();
  } catch (const files::FileFormatError&) {
    return 0;
  }
  return 0;
}

}  // namespace attest::test
