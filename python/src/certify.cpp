#include "certify.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "numerics/environment.hpp"
#include "oracle/blocked/tier.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/tiers/certificate.hpp"

namespace attest::python {
namespace {

// A value known to a radius as a double and the radius around that double.
struct Rounded {
  double value, radius;
  explicit Rounded(const oracle::Known& known) : value(known.hi + known.lo), radius(known.radius) {
    const double lost = known.lo - (value - known.hi);
    if (lost != 0) radius = std::nextafter(radius + std::fabs(lost), HUGE_VAL);
  }
};

double above(double a, double b) { return std::nextafter(a + b, HUGE_VAL); }

class Certifying {
 public:
  Certifying(const Problem& problem, const oracle::ContractSet& contract, Bounds bounds)
      : p_(problem),
        contract_(contract),
        blocked_(bounds == Bounds::coarse && oracle::blocked::suits(problem)),
        step_(blocked_ ? oracle::blocked::rows_per_call(problem) : kRowsByRow),
        per_head_((p_.q_len() + step_ - 1) / step_),
        parts_(p_.batch() * p_.q_heads() * per_head_) {
    const auto rows = static_cast<std::size_t>(p_.batch() * p_.q_heads() * p_.q_len());
    const std::size_t elements = rows * static_cast<std::size_t>(p_.v_dim());
    for (auto* to : {&all_.out, &all_.radius, &all_.bound}) to->resize(elements);
    for (auto* to : {&all_.lse, &all_.lse_radius, &all_.lse_bound}) to->resize(rows);
    if (blocked_) heads_ = std::vector<Head>(static_cast<std::size_t>(p_.batch() * p_.kv_heads()));
  }

  Certificates run(unsigned threads) {
    {
      std::vector<std::jthread> others;
      for (unsigned t = 1; t < std::min<std::int64_t>(threads, parts_); ++t)
        others.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    return std::move(all_);
  }

 private:
  static constexpr std::int64_t kRowsByRow = 64;
  struct Head {
    std::once_flag once;
    oracle::blocked::HeadFacts facts;
  };

  void work() {
    try {
      require_default_environment();
      for (std::int64_t part = next_++; part < parts_; part = next_++) certify_part(part);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
      next_ = parts_;
    }
  }

  void certify_part(std::int64_t part) {
    const std::int64_t head_index = part / per_head_;
    const std::int64_t b = head_index / p_.q_heads();
    const std::int64_t h = head_index % p_.q_heads();
    const std::int64_t begin = part % per_head_ * step_;
    const std::int64_t end = std::min(p_.q_len(), begin + step_);
    if (!blocked_) {
      for (std::int64_t i = begin; i < end; ++i) by_row(b, h, i);
      return;
    }
    const std::int64_t kv_head = oracle::kv_head_of(p_, h);
    Head& head = heads_[static_cast<std::size_t>(b * p_.kv_heads() + kv_head)];
    std::call_once(head.once, [&] { head.facts = oracle::blocked::facts_of_head(p_, b, kv_head); });
    oracle::blocked::certify_rows(p_, contract_, head.facts, b, h, begin, end,
                                  [&](std::int64_t i, const oracle::blocked::CertifiedRow& row) {
                                    if (row.usable) {
                                      by_block(b, h, i, row);
                                    } else {
                                      by_row(b, h, i);
                                    }
                                  });
  }

  std::size_t row_index(std::int64_t b, std::int64_t h, std::int64_t i) const {
    return static_cast<std::size_t>((b * p_.q_heads() + h) * p_.q_len() + i);
  }
  std::size_t first_of(std::int64_t b, std::int64_t h, std::int64_t i) const {
    return row_index(b, h, i) * static_cast<std::size_t>(p_.v_dim());
  }

  void put(std::size_t at, const oracle::Known& known, double bound) {
    const Rounded rounded(known);
    all_.out[at] = rounded.value;
    all_.radius[at] = rounded.radius;
    all_.bound[at] = above(bound, rounded.radius);
  }
  void put_lse(std::size_t row, const oracle::Known& known, double bound) {
    const Rounded rounded(known);
    all_.lse[row] = rounded.value;
    all_.lse_radius[row] = rounded.radius;
    all_.lse_bound[row] = above(bound, rounded.radius);
  }

  void by_block(std::int64_t b, std::int64_t h, std::int64_t i, const oracle::blocked::CertifiedRow& row) {
    const std::size_t first = first_of(b, h, i);
    for (std::size_t c = 0; c < row.out.size(); ++c) put(first + c, row.out[c].known, row.out[c].bound);
    put_lse(row_index(b, h, i), row.lse.known, row.lse.bound);
  }

  void by_row(std::int64_t b, std::int64_t h, std::int64_t i) {
    const oracle::Row row = oracle::gather_row(p_, b, h, i);
    const auto channels = static_cast<std::size_t>(p_.v_dim());
    const std::size_t first = first_of(b, h, i);
    if (row.empty()) {  // output 0 by definition, as resize() has left it
      all_.lse[row_index(b, h, i)] = -HUGE_VAL;
      return;
    }
    if (!row.finite) {
      std::fill_n(&all_.out[first], channels, NAN);
      std::fill_n(&all_.radius[first], channels, HUGE_VAL);
      std::fill_n(&all_.bound[first], channels, HUGE_VAL);
      all_.lse[row_index(b, h, i)] = NAN;
      all_.lse_radius[row_index(b, h, i)] = all_.lse_bound[row_index(b, h, i)] = HUGE_VAL;
      return;
    }
    const oracle::Certificate certificate = oracle::certify(p_, contract_, row);
    for (std::size_t c = 0; c < channels && row.keys > 0; ++c) {  // with a sink alone it is 0 too
      const oracle::ChannelStandard standard = certificate.out(c);
      const double reach = std::max(standard.reach(HUGE_VAL), standard.reach(-HUGE_VAL));
      put(first + c, certificate.facts.out[c], standard.in_range ? reach : HUGE_VAL);
    }
    const double bound = certificate.bound.lse_in_range ? certificate.lse_bound() : HUGE_VAL;
    put_lse(row_index(b, h, i), certificate.facts.lse, bound);
  }

  const Problem& p_;
  const oracle::ContractSet& contract_;
  bool blocked_;
  std::int64_t step_, per_head_, parts_;
  std::vector<Head> heads_;  // [batch * kv_heads]
  Certificates all_;
  std::atomic<std::int64_t> next_ = 0;
  std::mutex mutex_;  // guards failure_
  std::exception_ptr failure_;
};

}  // namespace

Certificates certify_all(const Problem& problem, const oracle::ContractSet& contract, Bounds bounds,
                         unsigned threads) {
  return Certifying(problem, contract, bounds).run(threads);
}

oracle::ContractSet contract_of(const Problem& problem, const std::string& declared) {
  const DType q = problem.q.dtype();
  const DType kv = problem.k.dtype();
  try {
    oracle::ContractSet contract = oracle::contract_for(declared, q, kv);
    if (declared.empty() || contract.declared) return contract;
  } catch (const oracle::ContractError& error) {
    throw std::invalid_argument(fmt::format("contract: {}", error.what()));
  }
  throw std::invalid_argument(fmt::format("contract '{}' does not fit q in {} and k, v in {} ({} does)",
                                          declared, name_of(q), name_of(kv),
                                          oracle::contract_for("", q, kv).text));
}

}  // namespace attest::python
