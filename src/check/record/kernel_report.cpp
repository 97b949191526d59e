#include "check/record/kernel_report.hpp"

#include <array>

namespace attest::check {

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, 4> kNames{"conforming", "defective", "suspect", "mistrusted"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string_view name_of(RelaxationClass kind) {
  return kind == RelaxationClass::ordinary ? "ordinary" : "narrower";
}

std::string_view name_of(LawStatus status) {
  constexpr std::array<std::string_view, 3> kNames{"held", "broken", "not-applicable"};
  return kNames.at(static_cast<std::size_t>(status));
}

const LawReport* KernelReport::law(std::string_view name) const {
  for (const LawReport& report : laws) {
    if (report.name == name) return &report;
  }
  return nullptr;
}

}  // namespace attest::check
