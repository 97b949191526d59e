#include "oracle/contract/stages.hpp"

namespace attest::oracle {
namespace {

// Bias, slopes, distances and sinks are numbers of f32.
bool narrower_than_inputs(const Contract& c) { return c.score.format.precision < kBinary32.precision; }

void push_bias(Stages& stages, const Contract& c) {
  if (narrower_than_inputs(c)) stages.push({Step::convert, Quantity::bias});
}

void push_alibi(Stages& stages, const Contract& c) {
  if (narrower_than_inputs(c)) stages.push({Step::convert, Quantity::alibi});
  stages.push({Step::multiply, Quantity::alibi});
}

}  // namespace

Stages score_stages(const Contract& c, const ScoreParts& parts) {
  Stages stages;
  stages.push_cast(Quantity::query, c.q_conversion);
  if (c.q_blocks != QueryBlocks::none) stages.push({Step::quantise, Quantity::query});
  stages.push_cast(Quantity::key, c.k_conversion);
  const bool bias_first = c.bias_first && parts.bias && !parts.softcap;
  if (bias_first) push_bias(stages, c);
  stages.push({Step::dot, Quantity::product});
  stages.push_cast(Quantity::product, c.store_product);
  stages.push({Step::scale, Quantity::scaled});
  if (parts.softcap) stages.push({Step::cap, Quantity::scaled});
  stages.push_cast(Quantity::scaled, c.store_scaled);
  const bool bias_added = parts.bias && !bias_first;
  if (bias_added) push_bias(stages, c);
  if (parts.alibi) push_alibi(stages, c);
  if (bias_added || parts.alibi) stages.push({Step::add, Quantity::score});
  stages.push_cast(Quantity::score, c.store_biased);
  // Base-2 exponentials: what acts on scores in nats keeps log2(e) out of the scale.
  if (c.folded_log2e && (parts.softcap || parts.bias || parts.alibi)) {
    stages.push({Step::to_base_two, Quantity::score});
  }
  return stages;
}

Stages sink_stages(const Contract& c) {
  Stages stages;
  if (narrower_than_inputs(c)) stages.push({Step::convert, Quantity::sink});
  if (c.folded_log2e) stages.push({Step::to_base_two, Quantity::sink});
  stages.push_cast(Quantity::sink, c.store_biased);  // where scores are stored, a sink is one of them
  return stages;
}

bool grows_with_product(Quantity quantity) {
  return quantity == Quantity::query || quantity == Quantity::key || quantity == Quantity::product ||
         quantity == Quantity::scaled || quantity == Quantity::score;
}

}  // namespace attest::oracle
