// The certificate of constant space: what is claimed of an evaluator, and the run that held it to that.
#pragma once

#include <string>
#include <string_view>

#include "space/measure/measure.hpp"

namespace attest::space {

/// What counts as memory, in words; printed on every certificate.
inline constexpr std::string_view kAccessModel =
    "memory: the workspace, in words of one number each; tape: L token ids, read-only, read as often as "
    "needed\n(L log2 |vocabulary| bits); not counted in either: the weights, N loop counters of O(log L) "
    "bits, and the\nstack, which is measured. Lower bounds of order L d for a cache hold for one-pass "
    "streams of arbitrary\nvectors; token ids can simply be stored, and the tape stores them.";

/// By this length every path has been taken. (Depths at single lengths differ by some bytes all the same: the
/// C library's sine takes a shallower path near multiples of pi / 2.)
inline constexpr std::size_t kShortLength = 8;

/// An evaluator as the certificate sees it: it writes the last row of a tape to the sink.
struct CertifiedSubject {
  std::string name;
  std::function<attention::Words(const attention::ModelShape&, std::size_t length)>
      words;  ///< the workspace that it is given
  std::function<void(const attention::Transformer<float>&, const Tape&, attention::Workspace<semantics::F32>,
                     const RowSink&, attention::WorkTrace)>
      last_row;
};

struct CertifiedRun {
  std::size_t length = 0;
  std::size_t working_words = 0;
  std::uint64_t heap_allocations = 0;
  std::size_t stack_bytes = 0;
  std::uint64_t leaves = 0, closed_form = 0;
  bool same_bits = false;  ///< as the KV cache's row
};

struct SpaceCertificate {
  std::string name;
  attention::ModelShape shape;
  std::size_t formula_words = 0;  ///< N (d + 2 H d_h + 2 H) + 2 H_kv d_h + d + MLP
  std::vector<CertifiedRun> runs;
  std::vector<std::string>
      failures;  ///< a sentence each, the first length that failed each claim; empty: holds

  bool holds() const { return failures.empty() && !runs.empty(); }
  std::size_t max_stack_bytes() const;
};

/// The constant-space evaluator.
CertifiedSubject recompute_subject();
/// Its twin: the KV cache, for which the certificate must fail.
CertifiedSubject kv_cache_subject();

/// Runs lengths 1 .. longest, and claims for each: the words written are the formula's, and nothing behind
/// the workspace is; no heap allocation; the stack of length 2 (at length 1 no key is read); C(L+N-1, N) leaf
/// evaluations; the bits of the KV cache. Precondition: a shape with no why_not and no prefix; longest >= 2.
SpaceCertificate certify_constant_space(const CertifiedSubject& subject,
                                        const attention::Transformer<float>& model, std::size_t longest,
                                        std::uint64_t seed);

}  // namespace attest::space
