#include "space/closed_forms.hpp"

#include <fmt/format.h>

#include "space/count.hpp"

namespace attest::space {
namespace {

// C(L+1, 2) + ... + C(L+depth, depth+1): the steps of a recomputed segment, all rows.
Count recomputed_steps(std::uint64_t length, std::uint64_t depth) {
  Count steps = 0;
  for (std::uint64_t i = 1; i <= depth; ++i) steps = steps + Count::binomial(length + i, i + 1);
  return steps;
}

std::optional<attention::Work> checked(Count leaves, Count cached, Count steps) {
  if (!leaves.value() || !cached.value() || !steps.value()) return std::nullopt;
  return attention::Work{*leaves.value(), *cached.value(), *steps.value()};
}

std::optional<attention::Work> work_of_blocks(std::uint64_t layers, std::uint64_t length,
                                              std::uint64_t rows) {
  const std::uint64_t blocks = (length + rows - 1) / rows;
  Count leaves = 0, steps = 0;
  for (std::uint64_t p = 1; p <= blocks; ++p) {
    const std::uint64_t before = (p - 1) * rows;
    const std::uint64_t own = std::min(rows, length - before);
    const Count keys = Count(own) * before + Count::binomial(own + 1, 2);
    for (std::uint64_t i = 0; i < layers; ++i) steps = steps + Count::binomial(blocks - p + i, i) * keys;
  }
  const std::optional<std::uint64_t> all = Count::binomial(blocks + layers, layers + 1).value();
  if (!all) return std::nullopt;
  leaves = Count(rows) * (*all - 1) + Count(length - (blocks - 1) * rows);
  return checked(leaves, 0, steps);
}

std::optional<attention::Work> work_of_segments(std::uint64_t layers, std::uint64_t length, std::uint64_t h) {
  const std::uint64_t first = std::min(h, layers);
  Count cached = 0, steps = recomputed_steps(length, first);
  for (std::uint64_t done = first; done < layers; done += h) {
    const std::uint64_t depth = std::min(h, layers - done);
    cached = cached + Count::binomial(length + depth, depth + 1);
    steps = steps + recomputed_steps(length, depth);
  }
  return checked(Count::binomial(length + first, first + 1), cached, steps);
}

}  // namespace

std::optional<std::uint64_t> leaves_of_row(std::uint64_t layers, std::uint64_t t) {
  return Count::binomial(t + layers - 1, layers).value();
}

std::optional<attention::Work> work_of_rows(const attention::Evaluator& e, const attention::ModelShape& shape,
                                            std::uint64_t length) {
  if (length == 0) return attention::Work{};
  switch (e.kind) {
    case attention::EvaluatorKind::recompute:
      return work_of_segments(shape.layers, length, shape.layers);
    case attention::EvaluatorKind::row_blocks:
      return work_of_blocks(shape.layers, length, e.parameter);
    case attention::EvaluatorKind::segments:
      return work_of_segments(shape.layers, length, e.parameter);
    default:
      break;
  }
  return checked(length, 0, Count(shape.layers) * Count::binomial(length + 1, 2));
}

std::string leaves_formula(const attention::Evaluator& e, const attention::ModelShape& shape) {
  switch (e.kind) {
    case attention::EvaluatorKind::recompute:
      return "C(L+N, N+1)";
    case attention::EvaluatorKind::row_blocks:
      return "B (C(K+N, N+1) - 1) + r";
    case attention::EvaluatorKind::segments:
      return e.parameter < shape.layers ? "C(L+h, h+1)" : "C(L+N, N+1)";
    default:
      return "L";
  }
}

std::string words_formula(const attention::Evaluator& e, const attention::ModelShape& shape) {
  const std::string frame = "(d + 2 H d_h + 2 H)", scratch = " + d + MLP", key = " + 2 H_kv d_h";
  const std::string layer = "L (d + 2 H_kv d_h) + ";
  switch (e.kind) {
    case attention::EvaluatorKind::recompute:
      return "N " + frame + key + scratch;
    case attention::EvaluatorKind::row_blocks:
      return "B N " + frame + key + scratch;
    case attention::EvaluatorKind::segments: {
      const std::string cached =
          attention::segments_of(shape, e.parameter) > 1 ? " + (ceil(N/h) - 1) L d" : "";
      return (e.parameter < shape.layers ? "h " : "N ") + frame + key + scratch + cached;
    }
    case attention::EvaluatorKind::kv_cache:
      return "2 N L H_kv d_h + " + frame + scratch;
    case attention::EvaluatorKind::rolling:
      return layer + "(2 H d_h + 2 H)" + scratch;
    case attention::EvaluatorKind::chunked:
      return layer + "(2 H d_h + 2 H)" + scratch + " + d_h + c";
    case attention::EvaluatorKind::tiled:
      return layer + "b (2 H d_h + 2 H)" + scratch + " + b";
  }
  return "";
}

semantics::OperationCounts operations_of_row(const attention::ModelShape& shape, std::uint64_t t) {
  using CountedLayer = attention::Layer<semantics::Counting>;
  const semantics::OperationCounts row = CountedLayer::begin_cost(shape) + CountedLayer::end_cost(shape);
  const semantics::OperationCounts key = CountedLayer::key_value_cost(shape) + CountedLayer::read_cost(shape);
  const auto evaluations = [&](std::uint64_t level) {
    return Count::binomial(t - 1 + shape.layers - level, shape.layers - level).value().value();
  };
  semantics::OperationCounts sum;
  for (std::uint64_t n = 1; n <= shape.layers; ++n)
    sum = sum + evaluations(n) * row + (evaluations(n - 1) - evaluations(n)) * key;
  return sum;
}

}  // namespace attest::space
