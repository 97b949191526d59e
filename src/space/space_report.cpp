#include "space/space_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "space/closed_forms.hpp"

namespace attest::space {
namespace {

constexpr std::size_t kCertifiedLength = 64;
constexpr std::uint64_t kCertifiedLeaves = 20'000'000;  // a second or two on the small model
constexpr std::uint64_t kLedgerSteps = 1'000'000;
constexpr std::size_t kFlipBookLength = 64;
constexpr std::uint64_t kFrontierSteps = 1'000'000'000;

// Small, so that many rows are affordable, and with every extent different.
attention::ModelShape certified_shape(std::size_t layers) {
  return {.layers = layers,
          .hidden = 6,
          .q_heads = 4,
          .kv_heads = 2,
          .head_dim = 2,
          .mlp_hidden = 5,
          .vocabulary = 11,
          .prefix = 0};
}

CertifiedPair certified_pair(std::size_t layers, std::uint64_t seed) {
  const attention::ModelShape shape = certified_shape(layers);
  const auto affordable = [&](std::size_t length) {
    const std::optional<attention::Work> work =
        work_of_rows({attention::EvaluatorKind::recompute}, shape, length);
    return work && work->leaves <= kCertifiedLeaves;
  };
  std::size_t longest = kCertifiedLength;
  while (longest > 2 && !affordable(longest)) --longest;
  const attention::Transformer<float> model = attention::random_model(shape, seed);
  return {certify_constant_space(recompute_subject(), model, longest, seed),
          certify_constant_space(kv_cache_subject(), model, longest, seed)};
}

}  // namespace

bool SpaceReport::holds() const {
  const auto good = [](const auto& x) { return x.holds(); };
  return !certificates.empty() && !evaluators.empty() && !flip_books.empty() &&
         std::ranges::all_of(flip_books, good) && std::ranges::all_of(certificates, good) &&
         std::ranges::all_of(evaluators, good) && std::ranges::all_of(frontiers, [&](const auto& points) {
           return std::ranges::all_of(points, good);
         });
}

SpaceReport measure_space(const SpaceOptions& options) {
  SpaceReport report;
  report.shape = options.shape;
  for (const std::size_t layers : options.certified_layers) {
    options.progress(fmt::format("certificate of constant space, {} layers", layers));
    report.certificates.push_back(certified_pair(layers, options.seed));
  }
  report.evaluators =
      measure_ledger(attention::random_model(options.shape, options.seed), options.length, options.seed,
                     kLedgerSteps, [&](const std::string& name) { options.progress("ledger: " + name); });
  report.flip_books = measure_flip_books(kFlipBookLength, options.seed);
  for (const auto& [layers, length] : options.frontiers) {
    attention::ModelShape shape = options.shape;
    shape.layers = layers;
    report.frontiers.push_back(measure_frontier(
        shape, length, kFrontierSteps, [&](const std::string& name, std::uint64_t done, std::uint64_t of) {
          options.progress(fmt::format("frontier at {} layers, {} tokens: {}, {} of {} million leaves",
                                       shape.layers, length, name, done / 1'000'000, of / 1'000'000));
        }));
  }
  return report;
}

}  // namespace attest::space
