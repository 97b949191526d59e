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

void add_lengths(KernelReport& report, DType dtype, const oracle::RatiosByLength& ratios) {
  for (std::size_t k = 0; k < oracle::RatiosByLength::kEntries; ++k) {
    const oracle::RatiosByLength::Entry& entry = ratios.entries()[k];
    if (entry.rows == 0) continue;
    report.by_length.push_back({.dtype = std::string(name_of(dtype)),
                                .keys = std::int64_t{1} << k,
                                .rows = entry.rows,
                                .bound_ratio = entry.largest});
  }
}

const LawReport* KernelReport::law(std::string_view name) const {
  for (const LawReport& report : laws) {
    if (report.name == name) return &report;
  }
  return nullptr;
}

}  // namespace attest::check
