#include "kernel/kernel_spec.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kernel/opencl_spec.hpp"
#include "kernel/python/launch.hpp"
#include "kernel/python_spec.hpp"
#include "problem/quote.hpp"

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

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_device_variant(const AdapterFamily& family, const std::string& variant) {
  return contains(family.device_variants, variant);
}

AdapterSpec adapter_spec(const AdapterFamily& family, const std::string& variant, bool named) {
  const auto& variants = family.variants;
  for (const auto& [name, why] : family.unavailable) {
    if (named && name == variant)
      throw KernelOpenError(fmt::format("{}:{} is not available: {}", family.name, name, why));
  }
  if (named && (has_device_variant(family, variant) || contains(family.named_variants, variant)))
    return {family.name, variant, false};
  if (named && !contains(variants, variant)) {
    throw KernelOpenError(fmt::format("{} has no variant '{}'; there are: {}", family.name, quote(variant),
                                      quote(fmt::format("{}", fmt::join(specs_of(family), ", ")), 110)));
  }
  return {.family = family.name, .variant = variant, .whole_family = !named};
}

// "family:variant[form]"; none where the brackets are part of another name.
std::optional<AdapterSpec> spec_in_form(const std::string& spec) {
  const std::size_t open = spec.find('[');
  if (open == std::string::npos || !spec.ends_with(']')) return std::nullopt;
  const auto [head, tail] = split_at_last_colon(spec.substr(0, open));
  const AdapterFamily* family = find_adapter_family(head);
  if (family == nullptr) return std::nullopt;
  AdapterSpec made = adapter_spec(*family, tail, true);
  made.form = spec.substr(open + 1, spec.size() - open - 2);
  if (!form_number(made))
    throw KernelOpenError(fmt::format("{}:{} has no form '{}'", head, tail, quote(made.form, 100)));
  return made;
}

// One line that names what is probably meant, or else all that there is.
std::string unknown_kernel(const std::string& spec, const std::string& head) {
  std::vector<std::string_view> names;
  for (const AdapterFamily& family : adapter_families()) names.push_back(family.name);
  if (const std::string guess = closest_word(head, names); !guess.empty())
    return fmt::format("there is no kernel '{}'; did you mean {}", quote(spec), guess);
  return fmt::format(
      "'{}' is no built-in kernel ({}), library (./libmine.so[:symbol]), command (exec:'CMD {{in}} "
      "{{out}}'), "
      "function (py:file:name), opencl:X.cl or capture X.npz",
      quote(spec, 18), known_adapters());
}

// The library of a spec with a relative path.
std::optional<LibrarySpec> relative_library(const std::string& spec) {
  if (command_of_spec(spec) || is_python_spec(spec) || opencl_of_spec(spec)) return std::nullopt;
  try {
    const KernelSpec parsed = parse_kernel_spec(spec);
    const auto* library = std::get_if<LibrarySpec>(&parsed);
    if (library != nullptr && std::filesystem::path(library->path).is_relative()) return *library;
  } catch (const KernelOpenError&) {  // opening it says why
  }
  return std::nullopt;
}

std::string with_path(const LibrarySpec& library, const std::string& path) {
  return library.symbol.empty() ? path : path + ":" + library.symbol;
}

std::vector<std::string> expand_python_family(const std::string& family) {
  std::vector<std::string> names;
  std::string why;
  for (const auto& [name, reason] : python_kernels(family)) {
    if (reason.empty())
      names.push_back(name);
    else
      why = reason;
  }
  if (!names.empty()) return names;
  if (why.empty())
    why = fmt::format("the Python interpreter {} lists none; --python names another",
                      quote(python_interpreter()));
  throw KernelOpenError(fmt::format("{} has no kernel that runs here: {}", family, why));
}

// The file of a kernel that is source code.
std::optional<std::string> source_of_spec(const std::string& spec) {
  if (const auto opencl = opencl_of_spec(spec)) return opencl->path;
  return python_file_of(spec);
}

std::string with_source(const std::string& spec, const std::string& path) {
  if (auto opencl = opencl_of_spec(spec)) {
    opencl->path = path;
    return text_of_spec(*opencl);
  }
  return with_python_file(spec, path);
}

constexpr std::string_view kCommand = "exec:";
constexpr std::string_view kSwappedCommand = "exec-bthd:";

}  // namespace

bool computes_on_device(const std::string& spec) {
  if (opencl_of_spec(spec)) return true;
  const auto [head, tail] = split_at_last_colon(spec);
  const AdapterFamily* family = find_adapter_family(head);
  return family != nullptr && has_device_variant(*family, tail);
}

const AdapterFamily* find_adapter_family(const std::string& name) {
  const auto& families = adapter_families();
  const auto found =
      std::find_if(families.begin(), families.end(), [&](const AdapterFamily& f) { return f.name == name; });
  return found == families.end() ? nullptr : &*found;
}

std::optional<std::size_t> form_number(const AdapterSpec& spec) {
  const AdapterFamily* family = find_adapter_family(spec.family);
  if (family == nullptr || family->forms.names == nullptr) return std::nullopt;
  const std::vector<std::string> names = family->forms.names(spec.variant);
  const auto found = std::find(names.begin(), names.end(), spec.form);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

KernelSpec parse_kernel_spec(const std::string& spec) {
  if (spec.empty()) throw KernelOpenError("empty kernel name");
  if (auto form = spec_in_form(spec)) return std::move(*form);
  const auto [head, tail] = split_at_last_colon(spec);
  const bool has_colon = head.size() != spec.size();
  if (const AdapterFamily* family = find_adapter_family(head)) return adapter_spec(*family, tail, has_colon);
  if (is_file(spec)) return LibrarySpec{spec, ""};
  if (looks_like_path(head) || is_file(head)) return LibrarySpec{head, tail};
  throw KernelOpenError(unknown_kernel(spec, head));
}

std::optional<CommandSpec> command_of_spec(const std::string& spec) {
  for (const auto& [prefix, order] :
       {std::pair<std::string_view, files::AxisOrder>{kCommand, files::AxisOrder::bhtd},
        {kSwappedCommand, files::AxisOrder::bthd}}) {
    if (spec.starts_with(prefix)) return CommandSpec{spec.substr(prefix.size()), order};
  }
  return std::nullopt;
}

std::string with_axis_order(const std::string& spec, files::AxisOrder order) {
  const std::string_view prefix = order == files::AxisOrder::bthd ? kSwappedCommand : kCommand;
  return std::string(prefix) + command_of_spec(spec)->command;
}

std::string spec_in_folder(const std::string& spec, const std::filesystem::path& folder) {
  const std::optional<LibrarySpec> library = relative_library(spec);
  const std::optional<std::string> source = source_of_spec(spec);
  if (!library && !(source && std::filesystem::path(*source).is_relative())) return spec;
  std::error_code error;
  // A relative folder that is not there yet has no canonical path.
  const std::filesystem::path path =
      std::filesystem::proximate(std::filesystem::absolute(library ? library->path : *source, error),
                                 std::filesystem::absolute(folder, error), error);
  // Without a '/', what is a path would be taken for the name of a system library.
  if (error || path.is_absolute()) return spec;
  if (source) return with_source(spec, path.string());
  return with_path(*library, path.has_parent_path() ? path.string() : "./" + path.string());
}

std::string spec_from_folder(const std::string& spec, const std::filesystem::path& folder) {
  if (const auto source = source_of_spec(spec); source && std::filesystem::path(*source).is_relative()) {
    const std::string path = (folder / *source).lexically_normal().string();
    return is_file(path) ? with_source(spec, path) : spec;
  }
  const std::optional<LibrarySpec> library = relative_library(spec);
  if (!library || folder.empty()) return spec;
  const std::string path = (folder / library->path).lexically_normal().string();
  return is_file(path) ? with_path(*library, looks_like_path(path) ? path : "./" + path) : spec;
}

std::vector<std::string> expand_kernel_spec(const std::string& spec) {
  if (is_python_family(spec)) return expand_python_family(spec);
  if (command_of_spec(spec) || is_python_spec(spec) || opencl_of_spec(spec)) return {spec};
  const KernelSpec parsed = parse_kernel_spec(spec);
  const auto* adapter = std::get_if<AdapterSpec>(&parsed);
  if (adapter == nullptr || !adapter->whole_family) return {spec};
  const AdapterFamily& family = *find_adapter_family(adapter->family);
  if (family.variants.empty())
    throw KernelOpenError(fmt::format("{} has no kernel that runs on this machine", family.name));
  return specs_of(family);
}

std::vector<UnavailableVariant> unavailable_kernels(const std::string& spec) {
  if (is_python_family(spec)) {
    std::vector<UnavailableVariant> list;
    for (const auto& [name, why] : python_kernels(spec)) {
      if (!why.empty()) list.push_back({name, why});
    }
    return list;
  }
  if (command_of_spec(spec) || is_python_spec(spec) || opencl_of_spec(spec)) return {};
  const KernelSpec parsed = parse_kernel_spec(spec);
  const auto* adapter = std::get_if<AdapterSpec>(&parsed);
  if (adapter == nullptr || !adapter->whole_family) return {};
  std::vector<UnavailableVariant> list;
  for (const auto& [name, why] : find_adapter_family(adapter->family)->unavailable)
    list.push_back({adapter->family + ":" + name, why});
  return list;
}

}  // namespace attest::kernel
