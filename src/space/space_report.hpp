// The results of `attest space`, from which its text, JSON and Markdown are made.
#pragma once

#include "space/flip_books.hpp"
#include "space/ledger.hpp"

namespace attest::space {

struct SpaceOptions {
  attention::ModelShape shape;
  std::size_t length = 64;  ///< of the ledger
  /// (layers, length) of each frontier.
  std::vector<std::pair<std::size_t, std::size_t>> frontiers{{1, 1024}, {2, 256}, {3, 256}, {4, 64}};
  std::vector<std::size_t> certified_layers{1, 2, 3, 4};
  std::uint64_t seed = 1;
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// The constant-space evaluator and its twin at one depth.
struct CertifiedPair {
  SpaceCertificate certificate, twin;
  bool holds() const { return certificate.holds() && !twin.holds(); }
};

struct SpaceReport {
  attention::ModelShape shape;
  std::vector<CertifiedPair> certificates;  ///< on a small model, at lengths up to 64 if affordable
  std::vector<LedgerEntry> evaluators;      ///< on `shape`
  std::vector<std::vector<FrontierPoint>> frontiers;
  std::vector<FlipBookEntry> flip_books;

  bool holds() const;
};

SpaceReport measure_space(const SpaceOptions& options);

}  // namespace attest::space
