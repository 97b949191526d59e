// Judges rows and counts what it finds.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/blocked/finish.hpp"
#include "oracle/judge/judge.hpp"
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
        max_violations_(max_violations),
        sampled_(sampled) {}

  /// By the row path.
  void judge_row(std::int64_t b, std::int64_t h, std::int64_t i);
  /// By the blocked tier where its certificate decides every element of the row, else by the row path. Of a
  /// sample, long rows may be decided against the kernel as well.
  void judge_row(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row);

  const Judgement& judgement() const { return judgement_; }

 private:
  void read_result(std::int64_t b, std::int64_t h, std::int64_t i);  // into got_
  void judge_read_row(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row);
  void note_length(std::int64_t b, std::int64_t i);
  void judge_by_row(std::int64_t b, std::int64_t h, std::int64_t i);
  bool decides(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row) const;
  void judge_empty(std::int64_t b, std::int64_t h, std::int64_t i, const struct Row& row);
  void mark_row(std::int64_t b, std::int64_t h, std::int64_t i, Standing standing);
  void record(const Element& e);

  const Problem& p_;
  const Result& result_;
  const Standards& standards_;
  RowKeys row_keys_;
  std::size_t max_violations_;
  bool sampled_;
  std::vector<double> got_;    // [v_dim] the row's outputs
  double largest_ratio_ = -1;  // of the row; negative: none of its numbers has one
  Judgement judgement_;
};

}  // namespace attest::oracle
