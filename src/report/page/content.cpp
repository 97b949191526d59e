#include "report/page/content.hpp"

#include <fmt/format.h>

namespace attest::report::page {

std::string kernel_id(std::size_t kernel) { return fmt::format("k{}", kernel); }

std::string law_id(std::size_t kernel, std::size_t law) { return fmt::format("k{}l{}", kernel, law); }

std::string finding_id(std::size_t kernel, std::size_t finding) {
  return fmt::format("k{}f{}", kernel, finding);
}

std::size_t detailed(const std::vector<check::KernelReport>& kernels, std::size_t kernel) {
  const std::string& same = kernels[kernel].same_bits_as;
  if (same.empty()) return kernel;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    if (kernels[i].info.name == same && kernels[i].same_bits_as.empty()) return i;
  }
  return kernel;
}

}  // namespace attest::report::page
