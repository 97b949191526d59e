#include "bound_attack/search/figures_json.hpp"

#include <cmath>

#include <fmt/format.h>

namespace attest::attack {
namespace {

// Non-finite numbers are strings in attest's JSON.
nlohmann::json number(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  return x;
}

nlohmann::json to_json(const oracle::Tally& tally, const Peak& peak, const Peak& natural) {
  return {{"judged", tally.total()},
          {"within", tally.within},
          {"violated", tally.violated},
          {"out_of_range", tally.out_of_range},
          {"uninformative", tally.uninformative},
          {"median_ratio", number(tally.ratios.median())},
          {"max_ratio", number(tally.ratios.max())},
          {"max_ratio_random", number(peak.ratio)},
          {"max_ratio_climbed", number(peak.climbed)},
          {"max_ratio_natural", number(natural.best())}};
}

int scaled(double count) { return static_cast<int>(std::ceil(count * effort())); }

bool is_f64(const std::string& contract) { return contract.starts_with("f64"); }

}  // namespace

Plan plan_for_preset(const std::string& contract) {
  if (is_f64(contract)) return {scaled(2500), scaled(10), scaled(150)};
  return {scaled(7000), scaled(120), scaled(1000)};
}

Plan plan_for_override(const std::string& contract) {
  if (is_f64(contract)) return {scaled(300), scaled(2), 0};
  return {scaled(1200), scaled(12), scaled(40)};
}

nlohmann::json to_json(const Figures& figures) {
  return {{"contract", figures.contract},
          {"cases", figures.cases},
          {"out", to_json(figures.out, figures.out_peak, figures.out_natural_peak)},
          {"lse", to_json(figures.lse, figures.lse_peak, figures.lse_natural_peak)},
          {"hull", {{"outputs", figures.hull.outputs}, {"max_ratio", number(figures.hull.largest)}}},
          {"violations", figures.violations}};
}

nlohmann::json to_json(const Twin& twin, const Detection& detection) {
  return {{"name", twin.name},
          {"kept", twin.kept},
          {"claimed", twin.claimed},
          {"found", detection.case_number >= 0},
          {"cases", detection.case_number + 1},
          {"ratio", number(detection.ratio)}};
}

std::string summary(const Figures& f) {
  const auto part = [](const oracle::Tally& tally, const Peak& peak, const Peak& natural) {
    return fmt::format("{:>8} judged, {} violated, ratio max {:.3f} (natural {:.3f}) median {:.3f}",
                       tally.total(), tally.violated, peak.best(), natural.best(), tally.ratios.median());
  };
  return fmt::format("{:<14} out {}; lse {}; hull {} outputs, ratio max {:.3f}", f.contract,
                     part(f.out, f.out_peak, f.out_natural_peak), part(f.lse, f.lse_peak, f.lse_natural_peak),
                     f.hull.outputs, f.hull.largest);
}

}  // namespace attest::attack
