// Every evaluator of a transformer does the operations of its definition, in the definition's order: the one
// in constant space, blocks of rows, segments, the KV cache and the forward passes. So their rows have the
// same bits in any arithmetic. Each writes all the words that it is said to take, and no others.
#include <fmt/format.h>

#include "attention/transformer/evaluator.hpp"
#include "layers/transformer_definition.hpp"
#include "support/term_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

using attention::Evaluator;
using attention::EvaluatorKind;
using attention::ModelShape;

// A weight is a variable named after its tensor.
template <class World, class A>
attention::Transformer<typename A::Acc> any_model(World& world, const A& k, const ModelShape& shape,
                                                  const std::string& name) {
  attention::Transformer<typename A::Acc> model{
      shape, {}, std::vector<attention::LayerWeights<typename A::Acc>>(shape.layers),
      {},    {}, attention::rope_frequencies(shape)};
  attention::for_each_tensor(model, [&](const std::string& tensor, const auto& dimensions, auto& numbers) {
    std::size_t count = 1;
    for (const std::size_t extent : dimensions) count *= extent;
    numbers = any_terms(world, k, name + tensor + ".", count);
  });
  return model;
}

template <class Terms, class Term>
bool has_term(const Terms& terms, const Term& sought) {
  return std::any_of(terms.begin(), terms.end(), [&](const auto& term) { return is_one_term(term, sought); });
}

// That the evaluator's rows are the definition's, in a workspace of exactly its words, all of which it
// writes.
template <class World, class A>
void show_evaluator(World& world, const A& k, const attention::Transformer<typename A::Acc>& model,
                    const std::vector<std::uint32_t>& tokens, const Evaluator& evaluator,
                    const std::vector<std::vector<typename A::Acc>>& expected, const std::string& name) {
  const auto poison = k.number(7e30);
  const attention::Words words = attention::words_of(evaluator, model.shape, tokens.size());
  std::vector<typename A::Acc> numbers(words.numbers, poison);
  std::vector<typename A::Score> maxima(words.maxima, k.score(poison));
  auto equal = world.known(true);
  std::size_t rows = 0;
  attention::evaluate(evaluator, k, model, tokens, attention::Workspace<A>{numbers, maxima},
                      [&](std::size_t t, const auto& row) {
                        equal = equal && world.known(t == rows++) && all_same(world, row, expected[t]);
                      });
  world.show(name, equal && world.known(rows == tokens.size()));
  world.show(name + ": every word is written",
             world.known(!has_term(numbers, poison) && !has_term(maxima, k.score(poison))));
}

template <class World, class A>
void show_logits(World& world, const A& k, const attention::Transformer<typename A::Acc>& model,
                 const TransformerDefinition<A>& definition, const std::vector<typename A::Acc>& x,
                 const std::string& name) {
  std::vector<typename A::Acc> normed(model.shape.hidden, k.one());
  std::vector<typename A::Acc> logits;
  auto in_turn = world.known(true);
  attention::for_each_logit<A>(k, model, x, normed, [&](std::size_t token, const auto& logit) {
    in_turn = in_turn && world.known(token == logits.size());
    logits.push_back(logit);
  });
  world.show(name + ": logits", in_turn && all_same(world, logits, definition.logits(x)));
}

template <class World, class A>
void show_model(World& world, const A& k, const ModelShape& shape, const std::vector<std::uint32_t>& tokens,
                const std::string& name) {
  const auto model = any_model(world, k, shape, name);
  double parameters = 0;
  attention::for_each_tensor(model, [&](const auto&, const auto&, const auto& numbers) {
    parameters += static_cast<double>(numbers.size());
  });
  world.show(name + "parameters", world.known(parameters == attention::parameters_of(shape)));
  const auto by = [&](Reading reading, std::size_t size) {
    return TransformerDefinition<A>(k, model, reading, size);
  };
  const auto rows = by(Reading::steps, 1).rows(tokens);
  const auto show = [&](EvaluatorKind kind, std::size_t parameter, const auto& expected,
                        const std::string& what) {
    show_evaluator(world, k, model, tokens, {kind, parameter}, expected, name + what);
    world.show(name + what + ": keeps the bits of the definition by steps",
               world.known(attention::keeps_bits({kind, parameter}) == (&expected == &rows)));
  };
  show(EvaluatorKind::recompute, 1, rows, "recompute");
  show(EvaluatorKind::row_blocks, 1, rows, "blocks of 1 row");
  show(EvaluatorKind::row_blocks, 2, rows, "blocks of 2 rows");
  show(EvaluatorKind::row_blocks, 3, rows, "blocks of 3 rows");
  show(EvaluatorKind::segments, 1, rows, "segments of 1 layer");
  show(EvaluatorKind::segments, 2, rows, "segments of 2 layers");
  show(EvaluatorKind::kv_cache, 1, rows, "KV cache");
  show(EvaluatorKind::rolling, 1, rows, "rolling");
  show(EvaluatorKind::chunked, 2, by(Reading::merged, 2).rows(tokens), "chunks of 2 keys");
  show(EvaluatorKind::tiled, 2, by(Reading::absorbed, 2).rows(tokens), "tiles of 2 rows and keys");
  if (tokens.size() > 3)  // else no row fills a tile of 3 earlier keys
    show(EvaluatorKind::tiled, 3, by(Reading::absorbed, 3).rows(tokens), "tiles of 3 rows and keys");
  show_logits(world, k, model, by(Reading::steps, 1), rows.back(), name);
}

// The key of a group by the head's remainder: the twin.
template <class World, class A>
void show_wrong_group(World& world, const A& k) {
  const ModelShape shape{
      .layers = 1, .hidden = 2, .q_heads = 4, .kv_heads = 2, .head_dim = 2, .mlp_hidden = 1, .vocabulary = 2};
  auto model = any_model(world, k, shape, "wide ");
  const std::vector<std::uint32_t> tokens{1, 0, 1};
  const auto rows = TransformerDefinition<A>(k, model, Reading::steps, 1).rows(tokens);
  auto& q = model.layers[0].q;  // heads 1 and 2 exchanged: their keys are those of the other group
  for (std::size_t i = 0; i < shape.head_dim * shape.hidden; ++i)
    std::swap(q[shape.head_dim * shape.hidden + i], q[2 * shape.head_dim * shape.hidden + i]);
  show_evaluator(world, k, model, tokens, {EvaluatorKind::recompute, 1}, rows, "wide recompute");
}

template <class World, class A>
void show_models(World& world, const A& k) {
  // Groups of two heads, two pairs a head, a prefix.
  show_model(world, k,
             {.layers = 1,
              .hidden = 3,
              .q_heads = 4,
              .kv_heads = 2,
              .head_dim = 4,
              .mlp_hidden = 2,
              .vocabulary = 3,
              .prefix = 2},
             {2, 0, 1}, "wide ");
  // Three layers; a product of six rows, four of them side by side.
  show_model(world, k,
             {.layers = 3,
              .hidden = 2,
              .q_heads = 3,
              .kv_heads = 1,
              .head_dim = 2,
              .mlp_hidden = 3,
              .vocabulary = 2},
             {1, 0, 0, 1, 1}, "deep ");
}

}  // namespace

prove::Theorem evaluators_agree() {
  return prove::about(
      "transformer/evaluator.hpp: evaluate, words_of, keeps_bits; transformer/model.hpp: for_each_tensor, "
      "parameters_of, rope_frequencies",
      term_theorem(
          "evaluators-agree",
          "Every evaluator of a transformer gives the rows of its definition, in any arithmetic (chunks and "
          "tiles those of the definition in chunks and tiles), and writes all the words that it takes "
          "where the rows fill its tiles: two shapes, up to three layers and five tokens, and as many "
          "parameters as are said.",
          [](auto& world, const auto& k) { show_models(world, k); }, "a query head's key of another group",
          [](auto& world, const auto& k) { show_wrong_group(world, k); }));
}

}  // namespace attest::proofs
