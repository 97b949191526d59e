#include "report/check/shell_word.hpp"

#include <cctype>
#include <string_view>

namespace attest::report {
namespace {

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_./:=,@%+-").find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(const std::string& argument) {
  bool plain = !argument.empty();
  for (const char c : argument) plain = plain && is_plain(c);
  if (plain) return argument;
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace attest::report
