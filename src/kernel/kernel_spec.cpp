#include "kernel/kernel_spec.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest::kernel {
namespace {

bool is_file(const std::string& path) {
  std::error_code ignored;
  return !path.empty() && std::filesystem::exists(path, ignored);
}

std::pair<std::string, std::string> split_at_last_colon(const std::string& spec) {
  const std::size_t colon = spec.rfind(':');
  if (colon == std::string::npos) return {spec, ""};
  return {spec.substr(0, colon), spec.substr(colon + 1)};
}

bool looks_like_path(const std::string& text) {
  return text.find('/') != std::string::npos || text.find(".so") != std::string::npos;
}

std::string known_adapters() {
  std::vector<std::string_view> names;
  for (const AdapterFamily& family : adapter_families()) names.push_back(family.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> specs_of(const AdapterFamily& family) {
  std::vector<std::string> specs;
  for (const std::string& variant : family.variants) {
    specs.push_back(variant.empty() ? family.name : family.name + ":" + variant);
  }
  return specs;
}

AdapterSpec adapter_spec(const AdapterFamily& family, const std::string& variant, bool named) {
  const auto& variants = family.variants;
  for (const auto& [name, why] : family.unavailable) {
    if (named && name == variant)
      throw KernelOpenError(fmt::format("{}:{} is not available: {}", family.name, name, why));
  }
  if (named && std::find(variants.begin(), variants.end(), variant) == variants.end()) {
    throw KernelOpenError(fmt::format("{} has no variant '{}'; there are: {}", family.name, variant,
                                      fmt::join(specs_of(family), ", ")));
  }
  return {family.name, variant, !named};
}

}  // namespace

const AdapterFamily* find_adapter_family(const std::string& name) {
  const auto& families = adapter_families();
  const auto found =
      std::find_if(families.begin(), families.end(), [&](const AdapterFamily& f) { return f.name == name; });
  return found == families.end() ? nullptr : &*found;
}

KernelSpec parse_kernel_spec(const std::string& spec) {
  if (spec.empty()) throw KernelOpenError("empty kernel name");
  const auto [head, tail] = split_at_last_colon(spec);
  const bool has_colon = head.size() != spec.size();
  if (const AdapterFamily* family = find_adapter_family(head)) return adapter_spec(*family, tail, has_colon);
  if (is_file(spec)) return LibrarySpec{spec, ""};
  if (looks_like_path(head) || is_file(head)) return LibrarySpec{head, tail};
  throw KernelOpenError(fmt::format(
      "'{}' is neither a built-in kernel ({}), nor the path of a shared library (./libmine.so[:symbol]), nor "
      "a command "
      "(exec:'COMMAND {{in}} {{out}}'), nor a capture (FILE.safetensors, FILE.npz, a folder of .npy files)",
      spec, known_adapters()));
}

std::optional<std::string> command_of_spec(const std::string& spec) {
  constexpr std::string_view kPrefix = "exec:";
  return spec.starts_with(kPrefix) ? std::optional(spec.substr(kPrefix.size())) : std::nullopt;
}

std::vector<std::string> expand_kernel_spec(const std::string& spec) {
  if (command_of_spec(spec)) return {spec};
  const KernelSpec parsed = parse_kernel_spec(spec);
  const auto* adapter = std::get_if<AdapterSpec>(&parsed);
  if (adapter == nullptr || !adapter->whole_family) return {spec};
  const AdapterFamily& family = *find_adapter_family(adapter->family);
  if (family.variants.empty())
    throw KernelOpenError(fmt::format("{} has no kernel that runs on this machine", family.name));
  return specs_of(family);
}

std::vector<UnavailableVariant> unavailable_kernels(const std::string& spec) {
  if (command_of_spec(spec)) return {};
  const KernelSpec parsed = parse_kernel_spec(spec);
  const auto* adapter = std::get_if<AdapterSpec>(&parsed);
  if (adapter == nullptr || !adapter->whole_family) return {};
  std::vector<UnavailableVariant> list;
  for (const auto& [name, why] : find_adapter_family(adapter->family)->unavailable)
    list.push_back({adapter->family + ":" + name, why});
  return list;
}

}  // namespace attest::kernel
