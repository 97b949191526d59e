#include "kernel/opencl/description.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "kernel/opencl/arguments.hpp"
#include "problem/quote.hpp"

namespace attest::kernel::opencl {
namespace {

constexpr std::string_view kMark = "attest:";
constexpr std::size_t kMostParts = 64;          // of arguments, conditions or macros of a kernel
constexpr std::size_t kMostExtents = 3;         // of a range
constexpr std::size_t kLongestContract = 4095;  // as for every kernel

using Fields = std::vector<Expression>;

void require_identifier(std::string_view name) {
  const auto in_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  const bool good = !name.empty() && name.size() <= 64 &&
                    std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
                    std::all_of(name.begin(), name.end(), in_name);
  if (!good) throw ExpressionError(fmt::format("'{}' is no name in OpenCL C", quote(std::string(name), 24)));
}

void add_expressions(std::string_view list, std::size_t most, Fields& to) {
  for (const std::string_view part : parts_of(list)) {
    if (to.size() == most) throw ExpressionError(fmt::format("more than {} expressions", most));
    to.push_back(Expression::parse(part));
  }
}

std::vector<DType> types_from(std::string_view list) {
  std::vector<DType> types;
  for (std::string_view word = take_word(list); !word.empty(); word = take_word(list)) {
    const auto type = dtype_from_name(word);
    const bool known =
        type && (*type == DType::f64 || *type == DType::f32 || *type == DType::f16 || *type == DType::bf16);
    if (!known)
      throw ExpressionError(
          fmt::format("types are f64, f32, f16 and bf16, not '{}'", quote(std::string(word), 24)));
    if (std::find(types.begin(), types.end(), *type) == types.end()) types.push_back(*type);
  }
  if (types.empty()) throw ExpressionError("no type");
  return types;
}

void add_arguments(std::string_view list, KernelDescription& kernel) {
  for (const std::string_view part : parts_of(list)) {
    if (kernel.arguments.size() == kMostParts)
      throw ExpressionError(fmt::format("more than {} arguments", kMostParts));
    Argument argument = parse_argument(part);
    if (argument.kind == Argument::Kind::buffer && kernel.takes(argument.buffer))
      throw ExpressionError(fmt::format("{} is an argument twice", name_of(argument.buffer)));
    kernel.arguments.push_back(std::move(argument));
  }
}

void add_define(std::string_view rest, KernelDescription& kernel) {
  const std::string_view name = take_word(rest);
  require_identifier(name);
  if (kernel.defines.size() == kMostParts)
    throw ExpressionError(fmt::format("more than {} macros", kMostParts));
  kernel.defines.push_back({std::string(name), Expression::parse(rest)});
}

void read_line(std::string_view word, std::string_view rest, KernelDescription& kernel) {
  if (word == "types") {
    kernel.types = types_from(rest);
  } else if (word == "args") {
    add_arguments(rest, kernel);
  } else if (word == "global") {
    add_expressions(rest, kMostExtents, kernel.global);
  } else if (word == "local") {
    add_expressions(rest, kMostExtents, kernel.local);
  } else if (word == "requires") {
    add_expressions(rest, kMostParts, kernel.conditions);
  } else if (word == "define") {
    add_define(rest, kernel);
  } else if (word == "contract") {
    if (rest.size() > kLongestContract) throw ExpressionError("too long a contract");
    kernel.contract = std::string(rest);
  } else {
    throw ExpressionError(
        fmt::format("unknown word '{}': kernel, types, args, global, local, requires, define or contract",
                    quote(std::string(word), 24)));
  }
}

// Empty: it can be called.
std::string why_incomplete(const KernelDescription& kernel) {
  for (const Buffer needed : {Buffer::q, Buffer::k, Buffer::v, Buffer::out}) {
    if (!kernel.takes(needed)) return fmt::format("no argument {}", name_of(needed));
  }
  if (kernel.global.empty()) return "no global range";
  if (!kernel.local.empty() && kernel.local.size() != kernel.global.size())
    return "local and global ranges of different dimensions";
  return "";
}

class Reader {
 public:
  std::vector<KernelDescription> read(std::string_view source) {
    while (!source.empty()) {
      const std::size_t end = std::min(source.find('\n'), source.size());
      ++line_;
      try {
        read(source.substr(0, end), line_);
      } catch (const ExpressionError& error) {
        fail(line_, error.what());
      }
      source.remove_prefix(std::min(end + 1, source.size()));
    }
    finish();
    return std::move(kernels_);
  }

 private:
  [[noreturn]] static void fail(std::size_t line, std::string_view what) {
    throw DescriptionError(fmt::format("line {}: {}", line, what));
  }

  void read(std::string_view line, std::size_t number) {
    line = trimmed(line);
    if (!line.starts_with("//")) return;
    line = trimmed(line.substr(2));
    if (!line.starts_with(kMark)) return;
    line.remove_prefix(kMark.size());
    const std::string_view word = take_word(line);
    if (word == "kernel") {
      begin(line, number);
    } else if (kernels_.empty()) {
      throw ExpressionError("a description begins with 'attest: kernel NAME'");
    } else {
      read_line(word, line, kernels_.back());
    }
  }

  void begin(std::string_view name, std::size_t number) {
    finish();
    require_identifier(name);
    if (kernels_.size() == kMostKernels)
      throw ExpressionError(fmt::format("more than {} kernels", kMostKernels));
    for (const KernelDescription& kernel : kernels_) {
      if (kernel.name == name) throw ExpressionError(fmt::format("{} is described twice", name));
    }
    kernels_.push_back({.name = std::string(name)});
    begun_ = number;
  }

  void finish() const {
    if (kernels_.empty()) return;
    if (const std::string why = why_incomplete(kernels_.back()); !why.empty())
      fail(begun_, fmt::format("kernel {}: {}", kernels_.back().name, why));
  }

  std::vector<KernelDescription> kernels_;
  std::size_t line_ = 0;
  std::size_t begun_ = 0;  // the line of the last kernel
};

}  // namespace

bool KernelDescription::takes(Buffer buffer) const {
  return std::any_of(arguments.begin(), arguments.end(), [&](const Argument& each) {
    return each.kind == Argument::Kind::buffer && each.buffer == buffer;
  });
}

bool KernelDescription::takes(Argument::Kind kind) const {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const Argument& each) { return each.kind == kind; });
}

bool KernelDescription::knows(Variable variable) const {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const Argument& each) { return each.value.names(variable); }) ||
         std::any_of(conditions.begin(), conditions.end(),
                     [&](const Expression& each) { return each.names(variable); }) ||
         std::any_of(defines.begin(), defines.end(),
                     [&](const Define& each) { return each.value.names(variable); });
}

std::vector<KernelDescription> parse_descriptions(std::string_view source) {
  if (source.size() > kLongestSource)
    throw DescriptionError(fmt::format("the file has more than {} bytes", kLongestSource));
  return Reader().read(source);
}

}  // namespace attest::kernel::opencl
