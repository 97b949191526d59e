// Judges rows of the forward operation and counts what it finds.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/blocked/finish.hpp"
#include "oracle/judge/judge.hpp"
#include "oracle/judge/number_judge.hpp"
#include "oracle/tiers/row_key.hpp"
#include "oracle/tiers/row_standard.hpp"

namespace attest::oracle {

class RowJudge {
 public:
  RowJudge(const Problem& problem, const Result& result, const Standards& standards,
           std::size_t max_violations, bool sampled)
      : p_(problem),
        result_(result),
        standards_(standards),
        row_keys_(problem),
        sampled_(sampled),
        numbers_(max_violations) {}

  /// By the row path.
  void judge_row(std::int64_t b, std::int64_t h, std::int64_t i);
  /// By the blocked tier where its certificate decides every element of the row, else by the row path. Of a
  /// sample, long rows may be decided against the kernel as well.
  void judge_row(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row);

  const Judgement& judgement() const { return numbers_.judgement(); }

 private:
  void read_result(std::int64_t b, std::int64_t h, std::int64_t i);  // into got_
  void judge_by_row(std::int64_t b, std::int64_t h, std::int64_t i);
  bool decides(std::int64_t b, std::int64_t i, const blocked::CertifiedRow& row) const;
  void judge_certified(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row);
  template <class StandardOf>
  void judge_numbers(std::int64_t b, std::int64_t h, std::int64_t i, const StandardOf& standard_of);
  void count_tier(Tier tier) { ++numbers_.judgement().rows_by_tier[static_cast<std::size_t>(tier)]; }

  const Problem& p_;
  const Result& result_;
  const Standards& standards_;
  RowKeys row_keys_;
  bool sampled_;
  PerOutput<std::vector<double>> got_;  // the row's numbers; empty where the result has no such output
  NumberJudge numbers_;
};

}  // namespace attest::oracle
