// The certificate holds for the constant-space evaluator, and fails for everything that departs from it.
#include "space/certificate.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "space/measure/allocations.hpp"
#include "space/measure/stack.hpp"

namespace attest::space {
namespace {

attention::ModelShape tiny(std::size_t layers) {
  return {.layers = layers,
          .hidden = 4,
          .q_heads = 2,
          .kv_heads = 1,
          .head_dim = 2,
          .mlp_hidden = 3,
          .vocabulary = 7,
          .prefix = 0};
}

TEST(SpaceCertificate, HoldsForOneToFourLayersAtEveryLengthToSixtyFour) {
  for (std::size_t layers = 1; layers <= 4; ++layers) {
    const SpaceCertificate certificate =
        certify_constant_space(recompute_subject(), attention::random_model(tiny(layers), 1), 64, 2);
    EXPECT_TRUE(certificate.holds()) << (certificate.holds() ? "" : certificate.failures.front());
    ASSERT_EQ(certificate.runs.size(), 64U);
    EXPECT_EQ(certificate.formula_words, layers * (4 + 2 * 4 + 2 * 2) + 2 * 2 + 4 + 3);
    EXPECT_GT(certificate.max_stack_bytes(), 0U);
    EXPECT_LT(certificate.max_stack_bytes(), 16384U);
  }
}

// A claim that is made, or not, of a subject.
bool fails(const SpaceCertificate& certificate, const std::string& with) {
  return std::ranges::any_of(certificate.failures,
                             [&](const std::string& f) { return f.find(with) != std::string::npos; });
}

SpaceCertificate certified(const CertifiedSubject& subject) {
  return certify_constant_space(subject, attention::random_model(tiny(2), 1), 10, 2);
}

TEST(SpaceCertificate, FailsForTheKvCache) {
  const SpaceCertificate certificate = certified(kv_cache_subject());
  EXPECT_FALSE(certificate.holds());
  EXPECT_TRUE(fails(certificate, "words of memory; the formula gives"));
  EXPECT_TRUE(fails(certificate, "leaf evaluations"));
  EXPECT_FALSE(fails(certificate, "heap"));  // this cache lives in its workspace as well
  EXPECT_FALSE(fails(certificate, "bits"));
}

using LastRow = decltype(CertifiedSubject::last_row);

// The true evaluator with something done before or after it.
SpaceCertificate altered(const std::function<void(const LastRow& row, const attention::Transformer<float>&,
                                                  const Tape&, attention::Workspace<semantics::F32>,
                                                  const RowSink&, attention::WorkTrace)>& run) {
  CertifiedSubject subject = recompute_subject();
  const LastRow row = subject.last_row;
  subject.last_row = [=](const attention::Transformer<float>& model, const Tape& tape,
                         attention::Workspace<semantics::F32> w, const RowSink& sink,
                         attention::WorkTrace trace) { run(row, model, tape, w, sink, trace); };
  return certified(subject);
}

TEST(SpaceCertificate, SeesOneAllocationThatIsFreedAgain) {
  const auto certificate = altered(
      [](const LastRow& row, const auto& model, const auto& tape, auto w, const auto& sink, auto trace) {
        const auto kept = std::make_unique<std::vector<float>>(tape.size());
        row(model, tape, w, sink, trace);
      });
  EXPECT_EQ(certificate.failures.size(), 1U);
  EXPECT_TRUE(fails(certificate, "at length 1 it makes 2 heap allocations"));
}

// NOLINTNEXTLINE(misc-no-recursion): the fault is that its stack grows with the length
[[gnu::noinline]] float deeper(std::size_t levels) {
  volatile float kept[16] = {};
  kept[levels % 16] = 1;
  return levels == 0 ? kept[0] : kept[levels % 16] + deeper(levels - 1) + kept[0];
}

TEST(SpaceCertificate, SeesAStackThatGrows) {
  const auto certificate = altered(
      [](const LastRow& row, const auto& model, const auto& tape, auto w, const auto& sink, auto trace) {
        row(model, tape, w, sink, trace);
        deeper(100 * tape.size());
      });
  EXPECT_EQ(certificate.failures.size(), 1U);
  EXPECT_TRUE(fails(certificate, "at length 9 its stack is")) << certificate.failures.front();
}

TEST(SpaceCertificate, SeesAWordTooManyAndOneBehindTheWorkspace) {
  CertifiedSubject subject = recompute_subject();
  const LastRow row = subject.last_row;
  subject.words = [](const attention::ModelShape& s, std::size_t) {
    return attention::recompute_words(s) + attention::Words{1, 0};
  };
  subject.last_row = [=](const auto& model, const auto& tape, auto w, const auto& sink, auto trace) {
    w.numbers.back() = 0;
    row(model, tape, w, sink, trace);
  };
  EXPECT_TRUE(fails(certified(subject), "words of memory; the formula gives"));
  const auto behind = altered(
      [](const LastRow& r, const auto& model, const auto& tape, auto w, const auto& sink, auto trace) {
        *(w.numbers.data() + w.numbers.size()) = 0;
        r(model, tape, w, sink, trace);
      });
  EXPECT_EQ(behind.failures, std::vector<std::string>{"at length 1 it writes past its workspace"});
}

TEST(SpaceCertificate, SeesALeafTooManyAndOtherBits) {
  const auto leaf = altered(
      [](const LastRow& row, const auto& model, const auto& tape, auto w, const auto& sink, auto trace) {
        row(model, tape, w, sink, trace);
        if (tape.size() == 5) trace.leaf(0);
      });
  EXPECT_EQ(leaf.failures,
            std::vector<std::string>{"at length 5 it makes 16 leaf evaluations; C(L+N-1, N) is 15"});
  const auto bits =
      altered([](const LastRow& row, const auto& model, auto tape, auto w, const auto& sink, auto trace) {
        tape[0] = (tape[0] + 1) % 7;
        row(model, tape, w, sink, trace);
      });
  EXPECT_TRUE(fails(bits, "at length 1 its row differs in bits"));
}

TEST(Allocations, CountMallocAndItsRelatives) {
  const std::uint64_t before = allocations_of_this_thread();
  void* volatile block = std::malloc(8);
  block = std::realloc(block, 16);
  std::free(block);
  auto* volatile number = new int(1);
  delete number;
  EXPECT_EQ(allocations_of_this_thread() - before, 3U);
}

TEST(Stack, IsMeasuredToTheFrame) {
  const std::size_t shallow = stack_bytes_of([] { deeper(10); });
  const std::size_t deep = stack_bytes_of([] { deeper(110); });
  EXPECT_GE(deep - shallow, 100U * 64U);
  EXPECT_EQ((deep - shallow) % 100, 0U);
}

}  // namespace
}  // namespace attest::space
