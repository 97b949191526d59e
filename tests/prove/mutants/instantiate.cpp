// Every template of src/attention with numbers of strict types: what compiles here has a meaning. Only for
// its compiler.
#include "attention/backward.hpp"
#include "attention/causal.hpp"
#include "attention/cells/attention.hpp"
#include "attention/cells/flip_book.hpp"
#include "attention/cells/gated.hpp"
#include "attention/cells/linear_attention.hpp"
#include "attention/cells/retention.hpp"
#include "attention/cells/selective_scan.hpp"
#include "attention/cells/wkv.hpp"
#include "attention/decode.hpp"
#include "attention/dense.hpp"
#include "attention/layers.hpp"
#include "attention/lazy.hpp"
#include "attention/lse.hpp"
#include "attention/transformer/evaluator.hpp"
#include "semantics/counting.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

struct Strict {
  struct Score {
    int s;
  };
  struct Acc {
    float x;
  };
  struct Condition {
    bool holds;
  };
  Score max(const Score& s, const Score&) const { return s; }
  Score sub(const Score& s, const Score&) const { return s; }
  Acc exp(const Score&) const { return {}; }
  Acc probability(const Acc& x) const { return x; }
  Acc one() const { return {}; }
  Acc add(const Acc& x, const Acc&) const { return x; }
  Acc mul(const Acc& x, const Acc&) const { return x; }
  Acc div(const Acc& x, const Acc&) const { return x; }
  Acc negate(const Acc& x) const { return x; }
  Score masked() const { return {}; }
  Score origin() const { return {}; }
  Acc zero() const { return {}; }
  Condition empty(const Score&) const { return {}; }
  Condition exceeds(const Score&, const Score&, const Score&) const { return {}; }
  Score select(const Condition&, const Score& s, const Score&) const { return s; }
  Acc select(const Condition&, const Acc& x, const Acc&) const { return x; }
  Score lse(const Score& m, const Acc&) const { return m; }
  Acc number(double) const { return {}; }
  Acc sqrt(const Acc& x) const { return x; }
  Score score(const Acc&) const { return {}; }
};
using Accs = std::vector<Strict::Acc>;
const Strict k;

struct Token {
  Accs value;
};

void rows(const std::vector<Strict::Score>& s, const std::vector<Accs>& v, State<Strict>& a) {
  merge(k, a, block(k, s, v));
  step(k, a, s[0], v[0]);
  absorb(k, a, s, v);
  lazy_absorb(k, a, s, v, s[0]);
  guarded_absorb(k, a, s, v);
  guarded_merge_into(k, a, a);
  guarded_finalize(k, empty_state(k, 2));
  merge(k, to_row(k, a), to_row(k, a));
  softmax_backward(k, v[0], v, v[0], v[0]);
  Cache<Strict, int> cache;
  const auto score = [](std::size_t, int) { return Strict::Score{}; };
  decode(k, cache, std::size_t{0}, 1, v[0], score);
  prefill_chunk(k, cache, std::vector<std::size_t>{}, std::vector<int>{}, v, 2, score);
  prefill(
      k, 2, CausalMask{}, tiled(2, 1), [](std::size_t, std::size_t) { return Strict::Score{}; }, v);
}

template <class Cell, class State, class Tokens>
void cell(const Cell& c, State state, const Tokens& tokens, std::vector<Accs>& outputs) {
  flip_book_row(c, state, tokens, 1, outputs[0]);
  one_pass(c, state, tokens, outputs);
}

void cells(const Accs& x, std::vector<Accs>& out) {
  const auto score = [](const Token&) { return Strict::Score{}; };
  const AttentionCell<Strict, decltype(score)> attention{k, score};
  cell(attention, attention.empty(2), std::vector<Token>{{x}}, out);
  const LinearAttention<Strict> linear{k};
  const std::vector<LinearToken<Strict>> linear_tokens{{x, x, x}};
  auto linear_state = linear.empty(1, 1);
  cell(linear, linear_state, linear_tokens, out);
  linear.merge_into(linear_state, linear_state);
  linear.closed_form(linear_tokens, 0, out[0]);
  const Retention<Strict> retention{k, x[0]};
  const std::vector<RetentionToken<Strict>> retention_tokens{{x, x, x}};
  auto retention_state = retention.empty(1, 1);
  cell(retention, retention_state, retention_tokens, out);
  retention.merge_into(retention_state, retention_state);
  retention.closed_form(retention_tokens, 0, out[0]);
  const SelectiveScan<Strict> scan{k, x[0]};
  const std::vector<ScanToken<Strict>> scan_tokens{{{}, x[0], x, x, x[0]}};
  cell(scan, scan.empty(1), scan_tokens, out);
  auto map = scan.map_of(scan_tokens[0]);
  chain_into(k, map, map);
  scan.closed_form(scan_tokens, 0, out[0]);
  const Wkv<Strict> wkv{k, {}, {}};
  const std::vector<WkvToken<Strict>> wkv_tokens{{{}, x[0]}};
  auto wkv_state = wkv.empty();
  cell(wkv, wkv_state, wkv_tokens, out);
  wkv.merge_into(wkv_state, wkv_state);
  wkv.closed_form(wkv_tokens, 0, out[0]);
  const GatedState<Accs> gated{x, x};
  const GateWeights<Accs> w{x, x, x, x};
  cell(ElmanCell<Strict, Accs>{k, w}, gated, out, out);
  cell(GruCell<Strict, Accs>{k, w, w, w}, gated, out, out);
}

struct Layers {
  Accs embed(const std::vector<int>&, std::size_t) const { return {}; }
  Accs begin(std::size_t, const Accs& x) const { return x; }
  void absorb(std::size_t, Accs&, const Accs&, const Accs&) const {}
  Accs finish(std::size_t, const Accs& s, const Accs&) const { return s; }
};

template <class A>
void model(const A& a, const Transformer<float>& weights, Workspace<A> w) {
  const auto m = model_in(a, weights);
  const std::vector<std::uint32_t> tokens{0};
  for (const EvaluatorKind kind : {EvaluatorKind::recompute, EvaluatorKind::tiled})
    evaluate(Evaluator{kind, 2}, a, m, tokens, w, [](std::size_t, const auto&) {});
  for_each_logit<A>(a, m, w.numbers, w.numbers, [](std::size_t, const auto&) {});
}

void all(Accs& x, std::vector<Strict::Score>& s, std::vector<Accs>& v, State<Strict>& a) {
  rows(s, v, a);
  cells(x, v);
  CachedLayers<Layers, std::vector<int>> cached(Layers{}, {}, 2);
  cached.next();
  NoTrace trace;
  recompute(Layers{}, std::vector<int>{}, 1, 1, 3, trace);
  model(k, random_model({}, 1), {x, s});
  dense::Inputs<float> in;
  dense::attend(in);
  dense::gradient(in, in.q);
}

}  // namespace
}  // namespace attest::attention

int main() {}
