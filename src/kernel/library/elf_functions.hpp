// Which function of a library an instruction belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace attest::kernel {

struct ElfFunction {
  std::string name;          ///< as in the file's symbol table: at most 1023 bytes, any of them
  std::uint64_t offset = 0;  ///< of the instruction, from the function's begin
};

/// The function whose instructions lie at this place of a 64-bit ELF file, by its full symbol table or, where
/// that was stripped, by its dynamic one. None for other files and places. The file may claim anything: what
/// is read is limited, and nothing outside it is used.
std::optional<ElfFunction> function_at(int file, std::uint64_t file_offset);

/// A symbol as people write it, without parameters and template arguments: "_ZN4mine3dotEPKf" is
/// "mine::dot", and "dot.cold" is "dot". Names of another kind, and those that this does not understand, stay
/// as they are.
std::string readable_name(std::string_view symbol);

}  // namespace attest::kernel
