#include "oracle/judge/by_definition.hpp"

#include <memory>
#include <optional>

#include "oracle/judge/forward_row.hpp"

namespace attest::oracle {
namespace {

class ForwardStandards {
 public:
  ForwardStandards(const Problem& problem, const ContractSet& contract)
      : problem_(problem), standards_(problem, contract), row_keys_(problem) {}

  NumberStandard of(const Place& place, double got) {
    const bool same_row = row_ && at_.b == place.b && at_.h == place.h && at_.i == place.i;
    if (!same_row) row_.emplace(problem_, standards_, row_keys_, place.b, place.h, place.i);
    at_ = place;
    return row_->of(place.output, place.channel, got);
  }

 private:
  const Problem& problem_;
  Standards standards_;
  RowKeys row_keys_;
  std::optional<ForwardRow> row_;  // of the last place
  Place at_;
};

}  // namespace

StandardOf forward_definition(const Problem& problem, const ContractSet& contract) {
  const auto standards = std::make_shared<ForwardStandards>(problem, contract);
  return [standards](const Place& place, double got) { return standards->of(place, got); };
}

Judgement judge_by_definition(std::span<const OutputTensor> outputs, const StandardOf& standard_of,
                              const Result& result, const JudgeOptions& options) {
  NumberJudge numbers(options.max_violations);
  for_each_place(outputs, result, [&](const Place& place) {
    const double got = number_at(result, place);
    numbers.judge(place, got, standard_of(place, got));
  });
  return numbers.judgement();
}

}  // namespace attest::oracle
