// Small files of tensors, byte by byte.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "files/tensor_archive.hpp"

namespace attest::test {

inline files::Bytes bytes_of(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

/// A safetensors file with this header, and `data` after it.
inline files::Bytes safetensors(const std::string& header, std::string_view data = "") {
  std::string file(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes_of(file + header + std::string(data));
}

/// A version 1 .npy file.
inline files::Bytes npy(const std::string& header, std::string_view data) {
  std::string file = "\x93NUMPY\x01";
  file.push_back('\0');
  file.push_back(static_cast<char>(header.size() & 0xff));
  file.push_back(static_cast<char>(header.size() >> 8));
  return bytes_of(file + header + std::string(data));
}

/// The message that `read` fails with; a sentence that no test expects where it does not.
template <class Read>
std::string error_of(const Read& read) {
  try {
    read();
  } catch (const files::FileFormatError& error) {
    return error.what();
  }
  return "(it was read)";
}

}  // namespace attest::test
