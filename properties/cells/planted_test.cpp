// Cells with one fault each, and the way of computing rows in which the fault shows.
#include <gtest/gtest.h>

#include "cell_rows.hpp"
#include "number_worlds.hpp"

namespace attest::properties {
namespace {

/// The ways that depart from one pass, over seeded cases, in W's numbers.
template <template <class> class C, class Cell, class W>
std::string_view caught(const Cell& cell, const W& w) {
  std::uint64_t seed = 1;
  for (int i = 0; i < 50; ++i) {
    CellCase c{std::vector<std::vector<int>>(3 + static_cast<std::size_t>(i) % 4),
               static_cast<unsigned>(mixed(seed))};
    for (auto& token : c.tokens) {
      for (std::size_t n = 0; n < kInts; ++n)
        token.push_back(static_cast<int>(random_below(++seed, 41)) - 20);
    }
    if (const std::string_view way = departure<C<W>>(cell, w, c); !way.empty()) return way;
  }
  return "";
}

template <class A>
struct DenominatorNotMerged : attention::LinearAttention<A> {
  void merge_into(attention::LinearState<A>& into, const attention::LinearState<A>& from) const {
    for (std::size_t n = 0; n < into.s.size(); ++n) into.s[n] = this->k.add(into.s[n], from.s[n]);
  }
};

template <class A>
struct EarlierSegmentNotDecayed : attention::Retention<A> {
  void merge_into(attention::RetentionState<A>& into, const attention::RetentionState<A>& later) const {
    for (std::size_t n = 0; n < into.s.size(); ++n) into.s[n] = this->k.add(into.s[n], later.s[n]);
    into.decay = this->k.mul(into.decay, later.decay);
  }
};

template <class A>
struct SegmentDecaysNotMultiplied : attention::Retention<A> {
  void merge_into(attention::RetentionState<A>& into, const attention::RetentionState<A>& later) const {
    const auto decay = into.decay;
    attention::Retention<A>::merge_into(into, later);
    into.decay = this->k.add(decay, later.decay);
  }
};

// Two segments suffice for the fault above to hide: a merged segment's own decay is used only when it comes
// later.
template <class A>
struct DecayedOnceTooOften : attention::Retention<A> {
  template <class Token>
  void step(attention::RetentionState<A>& state, const Token& token) const {
    attention::Retention<A>::step(state, token);
    for (auto& s : state.s) s = this->k.mul(s, this->gamma);
  }
  template <class Token, class Output>
  void emit(attention::RetentionState<A>& state, const Token& token, Output&& output) const {
    attention::Retention<A>::emit(state, token, output);
  }
};

template <class A>
struct BonusKeptInState : attention::Wkv<A> {
  template <class Token>
  void step(attention::WkvState<A>& state, Token token) const {
    token.key = attention::plus(this->k, token.key, this->bonus);
    attention::Wkv<A>::step(state, token);
  }
};

template <class A>
struct SegmentMaxNotLowered : attention::Wkv<A> {
  void merge_into(attention::WkvState<A>& into, const attention::WkvState<A>& later) const {
    guarded_merge_into(this->k, into.sums, later.sums);
    into.decay = attention::plus(this->k, into.decay, later.decay);
  }
};

template <class A>
struct ChainedBackwards : ScanSegments<A> {
  void merge_into(attention::Affine<A>& into, const attention::Affine<A>& later) const {
    attention::Affine<A> first = later;
    chain_into(this->k, first, into);
    into = first;
  }
};

TEST(PlantedFaults, AreCaughtWhereTheyShow) {
  const ExactNumbers w;
  using A = ExactNumbers::A;
  EXPECT_EQ((caught<LinearCase>(DenominatorNotMerged<A>{{w.k}}, w)), "chunks from the left");
  EXPECT_EQ((caught<RetentionCase>(EarlierSegmentNotDecayed<A>{{w.k, w.value(7)}}, w)),
            "chunks from the left");
  EXPECT_EQ((caught<RetentionCase>(SegmentDecaysNotMultiplied<A>{{w.k, w.value(7)}}, w)),
            "chunks from the right");
  EXPECT_EQ((caught<RetentionCase>(DecayedOnceTooOften<A>{{w.k, w.value(7)}}, w)), "re-read");
  EXPECT_EQ((caught<WkvCase>(BonusKeptInState<A>{{w.k, w.score(3), w.score(5)}}, w)), "re-read");
  EXPECT_EQ((caught<WkvCase>(SegmentMaxNotLowered<A>{{w.k, w.score(3), w.score(5)}}, w)),
            "chunks from the left");
  EXPECT_EQ((caught<ScanCase>(ChainedBackwards<A>{{w.k, {w.k, w.value(6)}}}, w)), "chunks from the left");
}

TEST(PlantedFaults, AreCaughtInFiniteFieldsAndEnclosuresAsWell) {
  const FieldNumbers field;
  using F = FieldNumbers::A;
  EXPECT_NE((caught<LinearCase>(DenominatorNotMerged<F>{{field.k}}, field)), "");
  EXPECT_NE((caught<RetentionCase>(EarlierSegmentNotDecayed<F>{{field.k, field.value(7)}}, field)), "");
  EXPECT_NE((caught<ScanCase>(ChainedBackwards<F>{{field.k, {field.k, field.value(6)}}}, field)), "");
  const EnclosedNumbers enclosed(24);  // what f32 can tell apart
  using I = EnclosedNumbers::A;
  EXPECT_NE((caught<LinearCase>(DenominatorNotMerged<I>{{enclosed.k}}, enclosed)), "");
  EXPECT_NE((caught<RetentionCase>(EarlierSegmentNotDecayed<I>{{enclosed.k, enclosed.value(7)}}, enclosed)),
            "");
  EXPECT_NE((caught<WkvCase>(SegmentMaxNotLowered<I>{{enclosed.k, enclosed.score(3), enclosed.score(5)}},
                             enclosed)),
            "");
  EXPECT_NE((caught<ScanCase>(ChainedBackwards<I>{{enclosed.k, {enclosed.k, enclosed.value(6)}}}, enclosed)),
            "");
}

TEST(PlantedFaults, AreAbsentFromTheCells) {
  const ExactNumbers w;
  EXPECT_EQ((caught<LinearCase>(LinearCase<ExactNumbers>::cell(w), w)), "");
  EXPECT_EQ((caught<RetentionCase>(RetentionCase<ExactNumbers>::cell(w), w)), "");
  EXPECT_EQ((caught<WkvCase>(WkvCase<ExactNumbers>::cell(w), w)), "");
  EXPECT_EQ((caught<ScanCase>(ScanCase<ExactNumbers>::cell(w), w)), "");
}

}  // namespace
}  // namespace attest::properties
