// Why a shared library cannot be used, in one line that says what would be right.
#pragma once

#include <string>

#include "problem/signature.hpp"

namespace attest::kernel {

/// Where the user names no other.
inline constexpr const char* kDefaultSymbol = kForward.symbol;

/// Empty when the file exists and begins as an ELF file does.
std::string why_not_a_library(const std::string& path);

/// dlerror's text without the path it repeats. `loaded_as` is the path that was given to dlopen.
std::string describe_load_error(const std::string& path, const std::string& loaded_as, const char* error);

/// "PATH has no symbol SYMBOL (it exports: a, b and 7 more); name one with PATH:a". The end is left out where
/// the line would be long.
std::string describe_missing_symbol(const std::string& path, const std::string& symbol);

/// Whether a symbol's address is an object's rather than a function's.
bool is_data(void* address);

}  // namespace attest::kernel
