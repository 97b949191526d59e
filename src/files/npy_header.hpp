// The header of an .npy file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/byte_source.hpp"

namespace attest::files {

struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::uint64_t data_begin = 0;  ///< where the elements begin in the file
};

/// `name` stands for the array in messages. Takes at most 64 KiB. Throws FileFormatError.
NpyHeader read_npy_header(const ByteSource& source, const std::string& name);

}  // namespace attest::files
