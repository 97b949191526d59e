#include "kernel/python_spec.hpp"

#include <algorithm>

namespace attest::kernel {
namespace {

constexpr std::string_view kFunction = "py:";
constexpr std::string_view kFileEnd = ".py:";

}  // namespace

const std::vector<std::string>& python_families() {
  static const std::vector<std::string> families{"torch", "jax", "triton"};
  return families;
}

std::optional<std::string> python_family_of(std::string_view spec) {
  const std::string head(spec.substr(0, spec.find(':')));
  const auto& families = python_families();
  if (std::find(families.begin(), families.end(), head) == families.end()) return std::nullopt;
  return head;
}

bool is_python_family(std::string_view spec) {
  return python_family_of(spec) && spec.find(':') == std::string_view::npos;
}

bool is_python_spec(std::string_view spec) {
  return spec.starts_with(kFunction) || python_family_of(spec).has_value();
}

std::optional<std::string> python_file_of(const std::string& spec) {
  if (!spec.starts_with(kFunction)) return std::nullopt;
  const std::size_t end = spec.find(kFileEnd);
  if (end == std::string::npos) return std::nullopt;
  return spec.substr(kFunction.size(), end + kFileEnd.size() - 1 - kFunction.size());
}

std::string with_python_file(const std::string& spec, const std::string& path) {
  const std::size_t end = spec.find(kFileEnd);
  return std::string(kFunction) + path + spec.substr(end + kFileEnd.size() - 1);
}

std::string with_python_options(std::string spec, const std::string& signature, const std::string& device) {
  const auto add = [&](std::string_view name, const std::string& value) {
    const std::string option = "," + std::string(name) + "=";
    if (!value.empty() && spec.find(option) == std::string::npos) spec += option + value;
  };
  add("signature", signature);
  add("device", device);
  return spec;
}

}  // namespace attest::kernel
