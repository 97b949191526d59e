#include "oracle/judge/row_judge.hpp"

#include <algorithm>

#include "oracle/definition/visible.hpp"
#include "oracle/judge/forward_row.hpp"
#include "problem/key_value.hpp"
#include "problem/signature.hpp"

namespace attest::oracle {
namespace {

constexpr std::int64_t kLongRow = 1 << 13;  // keys; the row path takes its whole keys and values in f64

std::int64_t keys_in_range(const Problem& p, std::int64_t b, std::int64_t i) {
  const KeyRange range = key_range(p, b, i);
  return range.end - range.begin;
}

const blocked::CertifiedValue& value_of(const blocked::CertifiedRow& row, Output output,
                                        std::int64_t channel) {
  return output == Output::out ? row.out[static_cast<std::size_t>(channel)] : row.lse;
}

}  // namespace

void RowJudge::read_result(std::int64_t b, std::int64_t h, std::int64_t i) {
  for (const OutputTensor& output : kForward.outputs) {
    const Tensor* tensor = output.of(result_);
    if (tensor == nullptr) continue;
    std::vector<double>& got = got_[index_of(output.output)];
    got.resize(static_cast<std::size_t>(row_size(*tensor)));
    load_row(*tensor, b, h, i, got.data());
  }
}

template <class StandardOf>
void RowJudge::judge_numbers(std::int64_t b, std::int64_t h, std::int64_t i, const StandardOf& standard_of) {
  for (const OutputTensor& output : kForward.outputs) {
    std::int64_t channel = 0;
    for (const double got : got_[index_of(output.output)]) {
      numbers_.judge({b, h, i, output.output, channel}, got, standard_of(output.output, channel, got));
      ++channel;
    }
  }
}

void RowJudge::judge_row(std::int64_t b, std::int64_t h, std::int64_t i) {
  read_result(b, h, i);
  judge_by_row(b, h, i);
  numbers_.end_row(keys_in_range(p_, b, i));
}

void RowJudge::judge_by_row(std::int64_t b, std::int64_t h, std::int64_t i) {
  const ForwardRow row(p_, standards_, row_keys_, b, h, i);
  if (const std::optional<Tier> tier = row.tier()) count_tier(*tier);
  std::int64_t informative = 0;
  RowLengths lengths;
  judge_numbers(b, h, i, [&](Output output, std::int64_t channel, double got) {
    const NumberStandard standard = row.of(output, channel, got);
    if (output == Output::out && standard.in_range) {
      if (standard.informative) ++informative;
      if (!standard.informative) lengths.shortest_uninformative = row.keys();
    }
    return standard;
  });
  if (informative == p_.v_dim()) lengths.longest_informative = row.keys();
  numbers_.judgement().lengths.merge(lengths);
}

bool RowJudge::decides(std::int64_t b, std::int64_t i, const blocked::CertifiedRow& row) const {
  const bool also_against = sampled_ && keys_in_range(p_, b, i) > kLongRow;
  // distance rounds; so does the sum.
  const auto decided = [also_against](double got, const blocked::CertifiedValue& value) {
    const double away = distance(got, value.known);
    const bool inside = value.low <= got && got <= value.high;
    const double least = inside ? value.least_bound_inside : value.least_bound;
    if ((away + value.known.radius) * (1 + 0x1p-50) <= least) return true;
    return also_against && away > (value.bound + value.known.radius) * (1 + 0x1p-49);
  };
  if (!row.usable) return false;
  return std::all_of(kForward.outputs.begin(), kForward.outputs.end(), [&](const OutputTensor& output) {
    std::int64_t channel = 0;
    const std::vector<double>& numbers = got_[index_of(output.output)];
    return std::all_of(numbers.begin(), numbers.end(),
                       [&](double got) { return decided(got, value_of(row, output.output, channel++)); });
  });
}

void RowJudge::judge_row(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row) {
  read_result(b, h, i);
  if (decides(b, i, row)) {
    judge_certified(b, h, i, row);
  } else {
    judge_by_row(b, h, i);
  }
  numbers_.end_row(keys_in_range(p_, b, i));
}

void RowJudge::judge_certified(std::int64_t b, std::int64_t h, std::int64_t i,
                               const blocked::CertifiedRow& row) {
  count_tier(row.tier);
  judge_numbers(b, h, i, [&](Output output, std::int64_t channel, double) -> NumberStandard {
    const blocked::CertifiedValue& value = value_of(row, output, channel);
    return {.exact = value.known, .bound = value.bound + value.known.radius};
  });
  RowLengths& lengths = numbers_.judgement().lengths;
  if (keys_in_range(p_, b, i) > lengths.longest_informative) {
    lengths.merge({static_cast<std::int64_t>(visible_keys(p_, b, h, i).size()), {}});
  }
}

}  // namespace attest::oracle
