#include "space/certificate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "space/closed_forms.hpp"

namespace attest::space {
namespace {

// Each claim fails with one sentence, at the first length where it does.
class Claims {
 public:
  explicit Claims(SpaceCertificate& certificate) : certificate_(certificate) {}
  void require(bool holds, std::string_view claim, const std::string& failure) {
    if (holds || std::ranges::find(failed_, claim) != failed_.end()) return;
    failed_.push_back(claim);
    certificate_.failures.push_back(failure);
  }

 private:
  SpaceCertificate& certificate_;
  std::vector<std::string_view> failed_;
};

std::size_t deepest(const std::vector<CertifiedRun>& runs, std::size_t longest) {
  std::size_t bytes = 0;
  for (const CertifiedRun& run : runs)
    bytes = run.length <= longest ? std::max(bytes, run.stack_bytes) : bytes;
  return bytes;
}

void require_run(Claims& claims, const SpaceCertificate& certificate, const CertifiedRun& run, bool overran) {
  const std::size_t stack = deepest(certificate.runs, kShortLength);
  const std::size_t length = run.length;
  claims.require(run.working_words == certificate.formula_words, "words",
                 fmt::format("at length {} it writes {} words of memory; the formula gives {}", length,
                             run.working_words, certificate.formula_words));
  claims.require(!overran, "margin", fmt::format("at length {} it writes past its workspace", length));
  claims.require(run.heap_allocations == 0, "heap",
                 fmt::format("at length {} it makes {} heap allocations", length, run.heap_allocations));
  claims.require(run.stack_bytes <= stack, "stack",
                 fmt::format("at length {} its stack is {} bytes deep; at lengths up to {} it was {}", length,
                             run.stack_bytes, kShortLength, stack));
  claims.require(run.leaves == run.closed_form, "leaves",
                 fmt::format("at length {} it makes {} leaf evaluations; C(L+N-1, N) is {}", length,
                             run.leaves, run.closed_form));
  claims.require(run.same_bits, "bits",
                 fmt::format("at length {} its row differs in bits from the KV cache's", length));
}

}  // namespace

std::size_t SpaceCertificate::max_stack_bytes() const { return deepest(runs, SIZE_MAX); }

CertifiedSubject recompute_subject() {
  return {
      "full recomputation",
      [](const attention::ModelShape& s, std::size_t) { return attention::recompute_words(s); },
      [](const attention::Transformer<float>& model, const Tape& tape,
         attention::Workspace<semantics::F32> workspace, const RowSink& sink, attention::WorkTrace trace) {
        const std::size_t t = tape.size() - 1;
        sink(t, attention::recompute_row<semantics::F32>(semantics::F32{}, model, tape, t, workspace, trace));
      }};
}

CertifiedSubject kv_cache_subject() {
  return {
      "KV cache", attention::kv_cache_words,
      [](const attention::Transformer<float>& model, const Tape& tape,
         attention::Workspace<semantics::F32> workspace, const RowSink& sink, attention::WorkTrace trace) {
        const semantics::F32 k;
        attention::KvCache<semantics::F32, attention::WorkTrace> cache(k, model, tape.size(), workspace,
                                                                       trace);
        for (std::size_t t = 0; t + 1 < tape.size(); ++t) cache.append(tape[t]);
        sink(tape.size() - 1, cache.append(tape.back()));
      }};
}

SpaceCertificate certify_constant_space(const CertifiedSubject& subject,
                                        const attention::Transformer<float>& model, std::size_t longest,
                                        std::uint64_t seed) {
  const attention::ModelShape& shape = model.shape;
  SpaceCertificate certificate{subject.name, shape, attention::recompute_words(shape).total(), {}, {}};
  const Tape tape = random_tape(longest, shape, seed);
  const auto expected = measure({attention::EvaluatorKind::kv_cache}, model, tape).rows;
  std::vector<bool> overran;
  for (std::size_t length = 1; length <= longest; ++length) {
    const Tape prefix(tape.begin(), tape.begin() + static_cast<std::ptrdiff_t>(length));
    const MeteredRun run = [&](attention::Workspace<semantics::F32> workspace, const RowSink& sink,
                               attention::WorkTrace trace) {
      subject.last_row(model, prefix, workspace, sink, trace);
    };
    const Measured measured = measure(run, subject.words(shape, length), length, shape.hidden);
    certificate.runs.push_back({length, measured.working_words, measured.heap_allocations,
                                measured.stack_bytes, measured.work.leaves,
                                leaves_of_row(shape.layers, length).value(),
                                measured.rows.back() == expected[length - 1]});
    overran.push_back(measured.overran);
  }
  Claims claims(certificate);
  for (std::size_t i = 0; i < longest; ++i) require_run(claims, certificate, certificate.runs[i], overran[i]);
  return certificate;
}

}  // namespace attest::space
