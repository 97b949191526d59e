// Recurrent = re-read = parallel = chunked, for every linear cell: exactly where numbers are exact, and in
// floats within enclosures that are proved for each run.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cell_rows.hpp"
#include "number_worlds.hpp"

namespace attest::properties {
namespace {

template <template <class> class C, class W>
void agrees(const W& w, const CellCase& c) {
  RC_LOG() << "departs: " << departure<C<W>>(C<W>::cell(w), w, c);
  RC_ASSERT(departure<C<W>>(C<W>::cell(w), w, c).empty());
}

bool contains(const semantics::Interval::Number& enclosure, double x) {
  return mpfr_cmp_d(enclosure.backend().left_data(), x) <= 0 &&
         mpfr_cmp_d(enclosure.backend().right_data(), x) >= 0;
}

bool contains(const semantics::Interval::Number& enclosure, const semantics::Interval::Number& inner) {
  return mpfr_lessequal_p(enclosure.backend().left_data(), inner.backend().left_data()) != 0 &&
         mpfr_greaterequal_p(enclosure.backend().right_data(), inner.backend().right_data()) != 0;
}

// Intervals of the format's precision round outward where the format rounds to nearest (the exponential is
// faithful), so a run of the same operations lies inside, and so does the exact row: known to 300 bits here.
// NaN is inside nothing.
template <template <class> class C, class T>
void enclosed(const CellCase& c) {
  const FloatNumbers<T> floats;
  const EnclosedNumbers enclosures(std::numeric_limits<T>::digits), exact(300);
  using Enclosed = C<EnclosedNumbers>;
  const auto rows = rows_in_every_way<C<FloatNumbers<T>>>(C<FloatNumbers<T>>::cell(floats), floats, c);
  const auto around = rows_in_every_way<Enclosed>(Enclosed::cell(enclosures), enclosures, c);
  const auto truth = rows_in_every_way<Enclosed>(Enclosed::cell(exact), exact, c)[2];
  for (std::size_t way = 0; way < kWays.size(); ++way) {
    RC_LOG() << kWays[way];
    for (std::size_t t = 0; t < c.tokens.size(); ++t) {
      for (std::size_t i = 0; i < Enclosed::kOutputs; ++i) {
        RC_ASSERT(contains(around[way][t][i], static_cast<double>(rows[way][t][i])));
        RC_ASSERT(contains(around[way][t][i], truth[t][i]));
      }
    }
  }
}

RC_GTEST_PROP(LinearAttention, AgreesInRationals, ()) {
  agrees<LinearCase>(ExactNumbers{}, *any_cell_case());
}
RC_GTEST_PROP(LinearAttention, AgreesInFiniteFields, ()) {
  agrees<LinearCase>(FieldNumbers{}, *any_cell_case());
}
RC_GTEST_PROP(LinearAttention, IsEnclosedInF32, ()) { enclosed<LinearCase, float>(*any_cell_case()); }
RC_GTEST_PROP(LinearAttention, IsEnclosedInF64, ()) { enclosed<LinearCase, double>(*any_cell_case()); }

RC_GTEST_PROP(RetNet, AgreesInRationals, ()) { agrees<RetentionCase>(ExactNumbers{}, *any_cell_case()); }
RC_GTEST_PROP(RetNet, AgreesInFiniteFields, ()) { agrees<RetentionCase>(FieldNumbers{}, *any_cell_case()); }
RC_GTEST_PROP(RetNet, IsEnclosedInF32, ()) { enclosed<RetentionCase, float>(*any_cell_case()); }
RC_GTEST_PROP(RetNet, IsEnclosedInF64, ()) { enclosed<RetentionCase, double>(*any_cell_case()); }

RC_GTEST_PROP(Wkv, AgreesInRationals, ()) { agrees<WkvCase>(ExactNumbers{}, *any_cell_case()); }
RC_GTEST_PROP(Wkv, IsEnclosedInF32, ()) { enclosed<WkvCase, float>(*any_cell_case()); }
RC_GTEST_PROP(Wkv, IsEnclosedInF64, ()) { enclosed<WkvCase, double>(*any_cell_case()); }

RC_GTEST_PROP(SelectiveScan, AgreesInRationals, ()) { agrees<ScanCase>(ExactNumbers{}, *any_cell_case()); }
RC_GTEST_PROP(SelectiveScan, AgreesInFiniteFields, ()) { agrees<ScanCase>(FieldNumbers{}, *any_cell_case()); }
RC_GTEST_PROP(SelectiveScan, IsEnclosedInF32, ()) { enclosed<ScanCase, float>(*any_cell_case()); }
RC_GTEST_PROP(SelectiveScan, IsEnclosedInF64, ()) { enclosed<ScanCase, double>(*any_cell_case()); }

}  // namespace
}  // namespace attest::properties
