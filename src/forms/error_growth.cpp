#include "forms/error_growth.hpp"

#include <algorithm>
#include <cmath>

#include "forms/form_list.hpp"
#include "forms/worlds/certificate.hpp"
#include "forms/worlds/floats/float_formats.hpp"
#include "numerics/draw.hpp"
#include "oracle/judge/judge.hpp"
#include "problem/key_value.hpp"

namespace attest::forms {
namespace {

constexpr std::size_t kRows = 4;  // for each kind of inputs that is random
constexpr std::size_t kChannels = 4;
constexpr std::size_t kTile = 64;
constexpr std::size_t kSplits = 8;

/// Numbers that every format holds: scores in nats, values[key][channel].
struct PlainRow {
  std::vector<double> scores;
  std::vector<std::vector<double>> values;
};

PlainRow late_values(std::size_t keys) {
  PlainRow row{std::vector<double>(keys, 0), {}};
  for (std::size_t j = 0; j < keys; ++j) row.values.push_back({2 * j < keys ? 0.0 : 1.0});
  return row;
}

PlainRow normal_scores(Draw& draw, std::size_t keys) {
  PlainRow row;
  for (std::size_t j = 0; j < keys; ++j) {
    row.scores.push_back(0.25 * std::nearbyint(4 * draw.normal()));
    row.values.emplace_back();
    for (std::size_t c = 0; c < kChannels; ++c) {
      row.values.back().push_back(static_cast<double>(draw.between(-8, 8)));
    }
  }
  return row;
}

Problem problem_of(const PlainRow& row, DType dtype) {
  const auto keys = static_cast<std::int64_t>(row.scores.size());
  const auto channels = static_cast<std::int64_t>(row.values[0].size());
  Problem p;
  p.q = Tensor(dtype, {1, 1, 1, 1});
  p.k = Tensor(dtype, {1, 1, keys, 1});
  p.v = Tensor(dtype, {1, 1, keys, channels});
  p.q.set({0, 0, 0, 0}, 1);
  for (std::int64_t j = 0; j < keys; ++j) {
    set_key(p, 0, 0, j, 0, row.scores[static_cast<std::size_t>(j)]);
    for (std::int64_t c = 0; c < channels; ++c) {
      set_value(p, 0, 0, j, c, row.values[static_cast<std::size_t>(j)][static_cast<std::size_t>(c)]);
    }
  }
  return p;
}

/// The exact outputs of a row, or their bounds: judge() lists every element of a result of NaNs that has one.
std::vector<oracle::Element> elements_of(const PlainRow& row, DType dtype, const std::string& contract) {
  const Problem problem = problem_of(row, dtype);
  Result nothing{Tensor(dtype, {1, 1, 1, problem.v_dim()}), std::nullopt};
  const std::size_t channels = row.values[0].size();
  for (std::size_t c = 0; c < channels; ++c) nothing.out.set({0, 0, 0, static_cast<std::int64_t>(c)}, NAN);
  return oracle::judge(problem, nothing, oracle::contract_for(contract, dtype, dtype),
                       {.max_violations = channels})
      .violations;
}

template <class Format>
std::vector<double> outputs(const PlainRow& row, const auto& form, const attention::Schedule& schedule) {
  using A = typename Format::A;
  FormInput<A> input{{}, {}, std::vector<bool>(row.scores.size(), true), {}, 1, 1};
  for (const double s : row.scores) input.scores.push_back(static_cast<typename A::Score>(s));
  for (const std::vector<double>& value : row.values) input.values.emplace_back(value.begin(), value.end());
  const auto rows = form.rows(Format::semantics(), input, schedule);
  std::vector<double> stored;
  for (const auto x : rows.back()->output) {
    stored.push_back(representable(Format::kDType, static_cast<double>(x)));
  }
  return stored;
}

void include(GrowthPoint& point, const std::vector<double>& got, const std::vector<oracle::Element>& exact,
             const std::vector<oracle::Element>& bounds) {
  for (const oracle::Element& e : exact) {
    const auto certified = std::find_if(bounds.begin(), bounds.end(), [&](const oracle::Element& b) {
      return static_cast<const Place&>(b) == e;
    });
    include_output(point, got[static_cast<std::size_t>(e.channel)], e.expected,
                   certified == bounds.end() ? HUGE_VAL : certified->bound);
  }
}

struct KnownRow {
  PlainRow row;
  std::vector<oracle::Element> exact;
};

struct Length {
  std::int64_t keys = 0;
  std::vector<KnownRow> rows;
};
using Lengths = std::vector<Length>;

KnownRow known(PlainRow row) {
  std::vector<oracle::Element> exact = elements_of(row, DType::f64, "f64");
  return {std::move(row), std::move(exact)};
}

/// Bounds in one semantics: for each length, for each row.
using Bounds = std::vector<std::vector<std::vector<oracle::Element>>>;

template <class Format>
Bounds bounds_of(const Lengths& lengths, const std::string& and_also = "") {
  const std::string contract = Format::kContract + and_also;
  Bounds bounds;
  for (const Length& length : lengths) {
    bounds.emplace_back();
    for (const KnownRow& known : length.rows)
      bounds.back().push_back(elements_of(known.row, Format::kDType, contract));
  }
  return bounds;
}

template <class Format, class Form>
void append_form(const std::string& inputs, const Lengths& lengths, const Bounds& bounds, const auto& plan,
                 std::vector<GrowthPoint>& points) {
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    GrowthPoint point{std::string(Form::kEntry.name), std::string(Format::kEntry.name), inputs,
                      lengths[i].keys};
    for (std::size_t r = 0; r < lengths[i].rows.size(); ++r) {
      const auto& [row, exact] = lengths[i].rows[r];
      include(point, outputs<Format>(row, Form{}, plan(row.scores.size())), exact, bounds[i][r]);
    }
    points.push_back(point);
  }
}

template <class Format>
void append_semantics(const std::string& inputs, const Lengths& lengths, std::vector<GrowthPoint>& points) {
  const Bounds bounds = bounds_of<Format>(lengths);
  const auto one = [](std::size_t keys) { return attention::Schedule{0, keys, {}}; };
  const auto tiles = [](std::size_t keys) { return attention::tiled(keys, kTile); };
  const auto splits = [](std::size_t keys) { return attention::split_k(keys, kSplits, kTile); };
  append_form<Format, SequentialForm>(inputs, lengths, bounds, one, points);
  append_form<Format, OnlineForm>(inputs, lengths, bounds, tiles, points);
  append_form<Format, TiledForm>(inputs, lengths, bounds, tiles, points);
  append_form<Format, SplitForm>(inputs, lengths, bounds, splits, points);
  append_form<Format, TreeForm>(inputs, lengths, bounds, attention::tree, points);
  const Bounds normalised = bounds_of<Format>(lengths, kNormalisesFirst);
  append_form<Format, DenseForm>(inputs, lengths, normalised, one, points);
}

void append_inputs(const std::string& inputs, const Lengths& lengths, std::vector<GrowthPoint>& points) {
  append_semantics<F32Format>(inputs, lengths, points);
  append_semantics<MixedF16Format>(inputs, lengths, points);
  append_semantics<MixedBf16Format>(inputs, lengths, points);
  append_semantics<F16Format>(inputs, lengths, points);
  append_semantics<Bf16Format>(inputs, lengths, points);
}

/// Most keys, among the lengths, for which the sequential outputs equal those of f32 (in this format).
template <class Format>
std::int64_t same_as_f32(const Lengths& lengths) {
  std::int64_t same = 0;
  for (const Length& length : lengths) {
    for (const auto& [row, exact] : length.rows) {
      const attention::Schedule one{0, row.scores.size(), {}};
      if (outputs<Format>(row, SequentialForm{}, one) != outputs<F32Format>(row, SequentialForm{}, one)) {
        return same;
      }
    }
    same = length.keys;
  }
  return same;
}

template <class World>
Departure departure_of(const Format& format, std::int64_t most_keys, const Lengths& lengths) {
  using A = typename World::A;
  const A k = World::semantics();
  Departure result{std::string(World::kEntry.name), std::int64_t{1} << format.precision};
  const std::vector<std::vector<typename A::Acc>> value(1, {k.one()});
  attention::State<A> state = attention::block(k, std::vector<typename A::Score>(1, 0), value);
  bool exact = true;
  for (std::int64_t keys = 1; keys <= most_keys; ++keys) {
    if (keys > 1) step(k, state, typename A::Score{0}, value[0]);
    const auto l = static_cast<double>(state.l);
    exact = exact && l == static_cast<double>(keys);
    if (exact) result.denominator_keys = keys;
    result.largest_denominator = std::max(result.largest_denominator, l);
  }
  result.output_keys = same_as_f32<World>(lengths);
  return result;
}

}  // namespace

void include_output(GrowthPoint& point, double got, double exact, double bound) {
  const double off = std::fabs(got - exact);
  const double error = std::isnan(off) ? HUGE_VAL : off;
  point.error = std::max(point.error, error);
  point.bound = std::max(point.bound, bound);
  if (bound < HUGE_VAL) point.ratio = std::max(point.ratio, error / bound);
}

std::vector<GrowthInputs> growth_inputs() {
  return {
      {"late values", "equal weights; value 0 for the first half of the keys, 1 for the second: exactly 1/2"},
      {"normal scores", "scores of deviation 1 in quarters of a nat, integer values from -8 to 8"}};
}

ErrorGrowth measure_error_growth(std::uint64_t seed, std::int64_t most_keys) {
  Draw draw{rc::Random(seed)};
  Lengths late, normal;
  for (std::int64_t keys = 4; keys <= most_keys; keys *= 2) {
    const auto count = static_cast<std::size_t>(keys);
    late.push_back({keys, {known(late_values(count))}});
    normal.push_back({keys, {}});
    for (std::size_t i = 0; i < kRows; ++i) normal.back().rows.push_back(known(normal_scores(draw, count)));
  }
  ErrorGrowth growth;
  growth.most_keys = most_keys;
  append_inputs(growth_inputs()[0].name, late, growth.points);
  append_inputs(growth_inputs()[1].name, normal, growth.points);
  growth.departures = {departure_of<F16Format>(kBinary16, most_keys, late),
                       departure_of<Bf16Format>(kBfloat16, most_keys, late),
                       departure_of<F32Format>(kBinary32, most_keys, late)};
  return growth;
}

}  // namespace attest::forms
