#include "kernel/opencl_spec.hpp"

#include <string_view>

namespace attest::kernel {
namespace {

constexpr std::string_view kValues = "opencl:";
constexpr std::string_view kRaces = "opencl-races:";
constexpr std::string_view kFileEnd = ".cl:";

}  // namespace

std::optional<OpenClSpec> opencl_of_spec(const std::string& spec) {
  const bool races = spec.starts_with(kRaces);
  if (!races && !spec.starts_with(kValues)) return std::nullopt;
  const std::string rest = spec.substr(races ? kRaces.size() : kValues.size());
  const std::size_t end = rest.rfind(kFileEnd);
  if (end == std::string::npos) return OpenClSpec{rest, "", races};
  const std::size_t split = end + kFileEnd.size();
  return OpenClSpec{rest.substr(0, split - 1), rest.substr(split), races};
}

std::string text_of_spec(const OpenClSpec& spec) {
  return std::string(spec.races ? kRaces : kValues) + spec.path +
         (spec.entry.empty() ? "" : ":" + spec.entry);
}

}  // namespace attest::kernel
