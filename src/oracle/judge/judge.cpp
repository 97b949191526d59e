#include "oracle/judge/judge.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "numerics/environment.hpp"
#include "numerics/random_value.hpp"
#include "oracle/blocked/tier.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/double_double/tier.hpp"
#include "oracle/judge/judgement_memo.hpp"
#include "oracle/judge/row_judge.hpp"
#include "problem/signature.hpp"

namespace attest::oracle {
namespace {

// Rows of one head that are judged together.
struct Part {
  std::int64_t b = 0, h = 0;
  std::vector<std::int64_t> rows;
};

// The parts of a judging, in the order of rows.
class Parts {
 public:
  Parts(const Problem& problem, const Result& result, const JudgeOptions& options, std::int64_t rows_per_part)
      : p_(problem), step_(rows_per_part), per_head_((p_.q_len() + step_ - 1) / step_) {
    const std::int64_t heads = p_.batch() * p_.q_heads();
    count_ = heads * per_head_;
    coverage_ = {heads * p_.q_len(), heads * p_.q_len(), 0};
    if (!options.sample || options.sample->rows >= coverage_.total) return;
    const OutputScan scan = options.suspicious_rows > 0 ? scan_outputs(problem, result) : OutputScan{};
    RowSelection selection = select_rows(problem, *options.sample, scan, options.suspicious_rows);
    coverage_ = selection.coverage;
    if (coverage_.all()) return;
    for (const HeadRows& head : selection.heads) {
      for (std::size_t i = 0; i < head.rows.size(); i += static_cast<std::size_t>(step_)) {
        const std::size_t end = std::min(head.rows.size(), i + static_cast<std::size_t>(step_));
        sampled_.push_back({head.b, head.h, {&head.rows[i], &head.rows[0] + end}});
      }
    }
    count_ = static_cast<std::int64_t>(sampled_.size());
  }

  std::int64_t count() const { return count_; }
  const RowCoverage& coverage() const { return coverage_; }

  Part at(std::int64_t part) const {
    if (!coverage_.all()) return sampled_[static_cast<std::size_t>(part)];
    const std::int64_t head = part / per_head_;
    const std::int64_t begin = part % per_head_ * step_;
    Part all{head / p_.q_heads(), head % p_.q_heads(), {}};
    for (std::int64_t i = begin; i < std::min(p_.q_len(), begin + step_); ++i) all.rows.push_back(i);
    return all;
  }

 private:
  const Problem& p_;
  std::int64_t step_, per_head_, count_ = 0;
  RowCoverage coverage_;
  std::vector<Part> sampled_;  // unused where every row is judged
};

// Puts the judgement of rows before those that `judgement` has seen in front.
void prepend(Judgement& judgement, const Judgement& before, std::size_t max_violations) {
  judgement.violations.insert(judgement.violations.begin(), before.violations.begin(),
                              before.violations.end());
  if (judgement.violations.size() > max_violations) judgement.violations.resize(max_violations);
  const bool counted = judgement.out.ratios.count() + judgement.lse.ratios.count() > 0;
  if (!counted || before.worst.ratio > judgement.worst.ratio) judgement.worst = before.worst;
  judgement.lengths.merge(before.lengths);
  judgement.by_length.merge(before.by_length);
  for (const OutputTensor& output : kForward.outputs)
    judgement.tally(output.output).merge(before.tally(output.output));
  for (std::size_t t = 0; t < judgement.rows_by_tier.size(); ++t) {
    judgement.rows_by_tier[t] += before.rows_by_tier[t];
  }
}

class Judging {
 public:
  Judging(const Problem& problem, const Result& result, const ContractSet& contract,
          const JudgeOptions& options, bool by_rows)
      : p_(problem),
        result_(result),
        contract_(contract),
        standards_(problem, contract),
        max_violations_(options.max_violations),
        blocked_(!by_rows && blocked::suits(problem)),
        sharp_(all_f64(contract)),
        parts_(problem, result, options, blocked_ ? blocked::rows_per_call(problem) : kRowsByRow) {
    next_ = merged_ = parts_.count();
    judgement_.coverage = parts_.coverage();
    if (blocked_) heads_ = std::vector<Head>(static_cast<std::size_t>(p_.batch() * p_.kv_heads()));
  }

  Judgement run(unsigned jobs) {
    std::vector<std::jthread> threads;
    for (unsigned t = 1; t < std::min(jobs, most_threads()); ++t) threads.emplace_back([this] { work(); });
    work();
    threads.clear();
    if (failure_) std::rethrow_exception(failure_);
    return judgement_;
  }

 private:
  static constexpr std::int64_t kRowsByRow = 64;

  // No more threads than parts, and none for problems so small that starting it takes longer.
  unsigned most_threads() const {
    constexpr std::int64_t kWorthAThread = 1 << 18;  // multiply-adds: some 100 us
    const std::int64_t work = parts_.coverage().judged * p_.kv_len() * (p_.qk_dim() + p_.v_dim());
    return static_cast<unsigned>(std::min<std::int64_t>({parts_.count(), 1 + work / kWorthAThread, 256}));
  }

  struct Head {
    std::once_flag once;
    blocked::HeadFacts facts;
  };

  // Backwards, because under causality late rows take longest.
  void work() {
    try {
      require_default_environment();
      for (std::int64_t part = --next_; part >= 0; part = --next_) {
        RowJudge rows(p_, result_, standards_, max_violations_, !parts_.coverage().all());
        judge_part(parts_.at(part), rows);
        merge(part, rows.judgement());
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
      next_ = 0;
    }
  }

  void judge_part(const Part& part, RowJudge& rows) {
    if (!blocked_) {
      for (const std::int64_t i : part.rows) rows.judge_row(part.b, part.h, i);
      return;
    }
    const std::int64_t kv_head = kv_head_of(p_, part.h);
    Head& head = heads_[static_cast<std::size_t>(part.b * p_.kv_heads() + kv_head)];
    std::call_once(head.once, [&] { head.facts = blocked::facts_of_head(p_, part.b, kv_head); });
    std::vector<SharpRow> sharp;
    if (sharp_) {
      dd::sharpen_rows(p_, dd::head_of(p_, part.b, part.h), part.b, part.h, part.rows,
                       [&](std::int64_t, const SharpRow& row) { sharp.push_back(row); });
    }
    blocked::certify_rows(
        p_, contract_, head.facts, part.b, part.h, part.rows, sharp,
        [&](std::int64_t i, const blocked::CertifiedRow& row) { rows.judge_row(part.b, part.h, i, row); });
  }

  // In the order of rows, whichever thread was faster.
  void merge(std::int64_t part, const Judgement& judgement) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(part, judgement);
    for (auto last = waiting_.find(merged_ - 1); last != waiting_.end(); last = waiting_.find(merged_ - 1)) {
      prepend(judgement_, last->second, max_violations_);
      waiting_.erase(last);
      --merged_;
    }
  }

  const Problem& p_;
  const Result& result_;
  const ContractSet& contract_;
  Standards standards_;
  std::size_t max_violations_;
  bool blocked_;
  bool sharp_;  // the f64 tier gives the bound, the double-double tier what it bounds
  Parts parts_;
  std::vector<Head> heads_;  // [batch * kv_heads]
  std::atomic<std::int64_t> next_ = 0;
  std::mutex mutex_;  // guards what follows
  std::int64_t merged_ = 0;
  std::map<std::int64_t, Judgement> waiting_;
  Judgement judgement_;
  std::exception_ptr failure_;
};

// Multiply-adds of judging so many rows, about 8 to the nanosecond; the rest that a pair of a row and a key
// costs (its exponential above all) is as much as 32 of them. Rows of one head are computed by eights, and
// reading its keys and values costs as much as 24 rows more.
double work_of_rows(const Problem& p, std::int64_t rows) {
  const std::int64_t heads = std::min(rows, p.batch() * p.q_heads());
  const auto computed = static_cast<double>(std::max(rows, 8 * heads) + 24 * heads);
  return computed * static_cast<double>(p.kv_len()) * static_cast<double>(p.qk_dim() + p.v_dim() + 32);
}

}  // namespace

JudgeOptions affordable(const Problem& problem, JudgeOptions options) {
  constexpr double kWork = 0x1p28;
  constexpr std::int64_t kMostRows = 256;
  constexpr std::int64_t kFewestRows = 16;
  const std::int64_t total = problem.batch() * problem.q_heads() * problem.q_len();
  if (options.sample || work_of_rows(problem, total) <= kWork) return options;
  std::int64_t rows = kMostRows;
  while (rows > kFewestRows && work_of_rows(problem, rows) > kWork) rows /= 2;
  std::uint64_t seed = 0;
  for (const std::int64_t extent : {problem.batch(), problem.q_heads(), problem.q_len(), problem.kv_len(),
                                    problem.qk_dim(), problem.v_dim()}) {
    seed = mixed(seed ^ static_cast<std::uint64_t>(extent));
  }
  options.sample = RowSample{rows, seed};
  options.suspicious_rows = kSuspiciousRows;
  return options;
}

Judgement judge(const Problem& problem, const Result& result, const ContractSet& contract,
                const JudgeOptions& options) {
  JudgementMemo& memo = judgement_memo();
  const auto judged = [&] { return Judging(problem, result, contract, options, false).run(options.jobs); };
  if (!memo.keeps()) return judged();
  const Fingerprint key = fingerprint_of(problem, result, contract, options);
  if (const JudgementMemo::Shared known = memo.find(key)) return *known;
  auto made = std::make_shared<const Judgement>(judged());
  memo.keep(key, made, bytes_of(*made));
  return *made;
}

Judgement judge_by_rows(const Problem& problem, const Result& result, const ContractSet& contract,
                        const JudgeOptions& options) {
  return Judging(problem, result, contract, options, true).run(1);
}

}  // namespace attest::oracle
