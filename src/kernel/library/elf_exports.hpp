// The names of the functions that a shared library exports, for messages about a missing one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace attest::kernel {

/// True when the bytes begin as an ELF file does.
bool is_elf(std::span<const std::byte> file);

/// Names of the defined global and weak functions of the dynamic symbol table of a 64-bit ELF file, sorted.
/// Empty for anything else; nothing outside `file` is read, whatever its tables claim.
std::vector<std::string> exported_functions(std::span<const std::byte> file);

}  // namespace attest::kernel
