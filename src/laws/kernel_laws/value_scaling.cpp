// V times a power of two scales the output by it, bit for bit.
//
// Multiplication by 2^k commutes with every rounding as long as nothing leaves the normal range. With values
// of at least v in magnitude (or 0), scores within a gap g of the largest and a numerator of p bits, no
// nonzero product is below e^-g v (/ n where P is normalised first), and no nonzero sum of products below
// 2^-p times that; so rows and channels take part whose smallest such sum, scaled down, is still normal, and
// whose largest, scaled up, is a quarter of the largest finite number, and whose scaled values the format of
// V holds. Gaps up to 40 with values in [2^-20, 2^20] pass in f32. Outputs that themselves come near the
// subnormal numbers of a format they are stored in are left out.

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/scores.hpp"
#include "laws/relations/two_runs.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/dtype.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

constexpr double kFactor = 8;

struct Magnitudes {
  double least = HUGE_VAL, largest = 0;  // of the nonzero values
  bool exact = true;                     // scaled values are stored unchanged
};

// Of each (batch, key/value head, channel), over the keys that exist.
std::vector<Magnitudes> magnitudes_of(const Problem& p) {
  std::vector<Magnitudes> all;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t c = 0; c < p.v_dim(); ++c) {
        Magnitudes m;
        for (std::int64_t j = 0; j < oracle::keys_of(p, b); ++j) {
          const double v = std::fabs(KeyValue(p).value(b, g, j, c));
          if (v != 0) m.least = std::min(m.least, v);
          m.largest = std::max(m.largest, v);
          for (const double scaled : {v * kFactor, v / kFactor})
            m.exact = m.exact && representable(p.v.dtype(), scaled) == scaled;
        }
        all.push_back(m);
      }
    }
  }
  return all;
}

// s_max - s_min of a row, the sink counted; infinite for an empty row.
double gap_of(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  const std::vector<KeyScore> scores = visible_scores(p, b, h, i);
  if (scores.empty()) return HUGE_VAL;
  double low = HUGE_VAL;
  double high = has_sink(p, h) ? p.sink->at({h}) : -HUGE_VAL;
  for (const KeyScore& s : scores) {
    low = std::min(low, s.score);
    high = std::max(high, s.score);
  }
  return high - low + 1;  // room for the scores' own errors
}

bool stays_normal(const oracle::ContractSet& contract, const Problem& p, double gap, const Magnitudes& m) {
  const oracle::ScaledValues values{.least = m.least,
                                    .largest = m.largest,
                                    .factor = kFactor,
                                    .keys = static_cast<double>(p.kv_len()),
                                    .gap = gap};
  return m.exact && oracle::stay_normal(contract, values, p.q.dtype());
}

// [rows * v_dim]: whether a place takes part.
std::vector<bool> taking_part(const Problem& p, const oracle::ContractSet& contract) {
  const std::vector<Magnitudes> magnitudes = magnitudes_of(p);
  std::vector<bool> part;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    const double gap = gap_of(p, b, h, i);
    for (std::int64_t c = 0; c < p.v_dim(); ++c) {
      const auto at = static_cast<std::size_t>((b * p.kv_heads() + oracle::kv_head_of(p, h)) * p.v_dim() + c);
      part.push_back(std::isfinite(gap) && stays_normal(contract, p, gap, magnitudes[at]));
    }
  });
  return part;
}

std::string why_not(const Problem& p, const oracle::ContractSet& contract) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  const std::vector<bool> part = taking_part(p, contract);
  return std::find(part.begin(), part.end(), true) == part.end()
             ? "the scores or values span too wide a range for scaled values to stay normal"
             : "";
}

Call scaled(const Problem& p, const oracle::ContractSet& contract, const char* variant, double factor) {
  Call call{variant, p};
  std::vector<double> values = p.v.values();
  for (double& v : values) v *= factor;
  call.problem.v.assign(values);
  call.factor = factor;
  call.counterpart = [part = taking_part(p, contract), heads = p.q_heads(), rows = p.q_len(),
                      channels = p.v_dim()](const Place& at) -> std::optional<Place> {
    if (at.in(Output::lse)) return at;
    const std::int64_t row = (at.b * heads + at.h) * rows + at.i;
    if (!part[static_cast<std::size_t>(row * channels + at.channel)]) return std::nullopt;
    return at;
  };
  return call;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  return {scaled(p, contract, "values times 8", kFactor),
          scaled(p, contract, "values divided by 8", 1 / kFactor)};
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  const Result& base = subject.base().result;
  const double least =
      2 * kFactor * oracle::least_normal_output(subject.contract(), subject.problem().q.dtype());
  std::vector<Call> large = made;
  for (Call& call : large) {
    call.counterpart = [&base, least,
                        inner = std::move(call.counterpart)](const Place& at) -> std::optional<Place> {
      const bool small = at.in(Output::out) && std::fabs(number_at(base, at)) < least;
      return small ? std::nullopt : inner(at);
    };
  }
  return relate_bits(subject, large, results);
}

}  // namespace

Law value_scaling_law() {
  return {.id = LawId::value_scaling,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.1};
}

}  // namespace attest::laws
