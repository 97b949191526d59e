#include "oracle/sample/output_scan.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/blocked/head.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::oracle {
namespace {

// Correct outputs leave the range by less for the most part. Where they do not, the row is judged in vain.
constexpr double kRoundings = 16;

// [v_dim] what outputs may be at a glance.
struct Columns {
  std::vector<double> low, high;

  explicit Columns(std::size_t n) : low(n, HUGE_VAL), high(n, -HUGE_VAL) {}

  void add(const double* values) {
    for (std::size_t c = 0; c < low.size(); ++c) {
      const bool finite = std::fabs(values[c]) < HUGE_VAL;
      low[c] = finite ? std::min(low[c], values[c]) : low[c];
      high[c] = finite ? std::max(high[c], values[c]) : high[c];
    }
  }
  void add_zero() {
    for (double& x : low) x = std::min(x, 0.0);
    for (double& x : high) x = std::max(x, 0.0);
  }
  void widen(double unit_roundoff) {
    for (std::size_t c = 0; c < low.size(); ++c) {
      const double slack = kRoundings * unit_roundoff * std::max(std::fabs(low[c]), std::fabs(high[c]));
      low[c] -= slack;
      high[c] += slack;
    }
  }
  // False for NaN as well.
  bool hold(const double* outputs) const {
    bool held = true;
    for (std::size_t c = 0; c < low.size(); ++c) held &= outputs[c] >= low[c] && outputs[c] <= high[c];
    return held;
  }
};

class Scanning {
 public:
  Scanning(const Problem& problem, const Result& result)
      : p_(problem), result_(result), v_dim_(static_cast<std::size_t>(p_.v_dim())), outputs_(v_dim_) {}

  OutputScan run() {
    for (std::int64_t b = 0; b < p_.batch(); ++b) {
      std::int64_t loaded = -1;
      for (std::int64_t h = 0; h < p_.q_heads(); ++h) {
        if (kv_head_of(p_, h) != loaded) load_values(b, loaded = kv_head_of(p_, h));
        for (std::int64_t i = 0; i < p_.q_len(); ++i) look_at(b, h, i);
      }
    }
    return std::move(scan_);
  }

 private:
  void load_values(std::int64_t b, std::int64_t kv_head) {
    Columns columns(v_dim_);
    std::vector<double> value(v_dim_);
    for (std::int64_t j = 0; j < keys_of(p_, b); ++j) {
      KeyValue(p_).load_value(b, kv_head, j, value.data());
      columns.add(value.data());
    }
    if (p_.sink || p_.mask || p_.bias) columns.add_zero();
    with_zero_ = columns;
    with_zero_.add_zero();
    const double u = format_of(result_.out.dtype()).unit_roundoff();
    with_zero_.widen(u);
    columns.widen(u);
    plain_ = std::move(columns);
  }

  void look_at(std::int64_t b, std::int64_t h, std::int64_t i) {
    load_row(result_.out, b, h, i, outputs_.data());
    const KeyRange keys = key_range(p_, b, i);
    const bool held = (keys.begin < keys.end ? plain_ : with_zero_).hold(outputs_.data());
    const bool lse_held = !result_.lse || result_.lse->at({b, h, i}) < HUGE_VAL;
    if (held && lse_held) return;
    const bool finite =
        std::all_of(outputs_.begin(), outputs_.end(), [](double x) { return std::isfinite(x); });
    (finite && lse_held ? scan_.outside : scan_.not_finite)
        .push_back((b * p_.q_heads() + h) * p_.q_len() + i);
  }

  const Problem& p_;
  const Result& result_;
  std::size_t v_dim_;
  Columns plain_{0}, with_zero_{0};  // of the head whose rows are looked at
  std::vector<double> outputs_;
  OutputScan scan_;
};

}  // namespace

OutputScan scan_outputs(const Problem& problem, const Result& result) {
  return Scanning(problem, result).run();
}

}  // namespace attest::oracle
