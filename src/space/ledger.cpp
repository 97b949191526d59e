#include "space/ledger.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "space/closed_forms.hpp"

namespace attest::space {
namespace {

std::vector<attention::Evaluator> evaluators_of(const attention::ModelShape& shape, std::size_t length) {
  std::vector<attention::Evaluator> all{{attention::EvaluatorKind::recompute}};
  for (std::size_t rows = 2; rows < length; rows *= 2)
    all.push_back({attention::EvaluatorKind::row_blocks, rows});
  if (length > 1) all.push_back({attention::EvaluatorKind::row_blocks, length});
  for (std::size_t h = shape.layers; h-- > 1;) all.push_back({attention::EvaluatorKind::segments, h});
  all.push_back({attention::EvaluatorKind::rolling});
  const std::size_t tile = std::min<std::size_t>(length - 1, 16);
  all.push_back({attention::EvaluatorKind::chunked, std::max<std::size_t>(tile, 1)});
  all.push_back({attention::EvaluatorKind::tiled, std::max<std::size_t>(tile, 1)});
  all.push_back({attention::EvaluatorKind::kv_cache});
  return all;
}

// The longest length <= `length` at which the evaluator makes at most `most` steps.
std::size_t affordable(const attention::Evaluator& e, const attention::ModelShape& shape, std::size_t length,
                       std::uint64_t most) {
  std::size_t low = 1, high = length;  // work grows with the length
  while (low < high) {
    const std::size_t middle = high - (high - low) / 2;
    const std::optional<attention::Work> work = work_of_rows(e, shape, middle);
    const bool affords = work && work->steps <= most;
    (affords ? low : high) = affords ? middle : middle - 1;
  }
  return low;
}

// Is a sequence long enough for an evaluator to use all that it is given? A tile of keys needs as many before
// a row.
bool fills(const attention::Evaluator& e, std::size_t length) {
  if (e.kind == attention::EvaluatorKind::row_blocks) return e.parameter <= length;
  return attention::keeps_bits(e) || e.parameter < length;
}

double largest_difference(const std::vector<std::vector<float>>& a,
                          const std::vector<std::vector<float>>& b) {
  double difference = 0, largest = 0;
  for (std::size_t t = 0; t < a.size(); ++t) {
    for (std::size_t i = 0; i < a[t].size(); ++i) {
      difference =
          std::fmax(difference, std::fabs(static_cast<double>(a[t][i]) - static_cast<double>(b[t][i])));
      largest = std::fmax(largest, std::fabs(static_cast<double>(b[t][i])));
    }
  }
  return largest > 0 ? difference / largest : difference;
}

LedgerEntry measured_entry(const attention::Evaluator& e, const attention::Transformer<float>& model,
                           const Tape& tape) {
  const attention::ModelShape& shape = model.shape;
  const Measured measured = measure(e, model, tape);
  const auto expected = measure({attention::EvaluatorKind::kv_cache}, model, tape).rows;
  const std::optional<attention::Work> work = work_of_rows(e, shape, tape.size());
  LedgerEntry entry;
  entry.name = name_of(e);
  entry.layers = shape.layers;
  entry.length = entry.tape_words = tape.size();
  entry.working_words = measured.working_words + (measured.overran ? 1 : 0);
  entry.formula_words = attention::words_of(e, shape, tape.size()).total();
  entry.formula = words_formula(e, shape);
  entry.prefix_words = shape.layers * shape.prefix * attention::key_value_words(shape).total();
  entry.leaf_evaluations = measured.work.leaves;
  entry.closed_form = work.value().leaves;
  entry.leaves_formula = leaves_formula(e, shape);
  entry.steps = measured.work.steps;
  entry.closed_form_steps = work->steps;
  entry.heap_allocations = measured.heap_allocations;
  entry.stack_bytes = measured.stack_bytes;
  entry.keeps_bits = attention::keeps_bits(e);
  entry.same_bits = measured.rows == expected;
  entry.max_difference = largest_difference(measured.rows, expected);
  return entry;
}

// Counts leaves and steps as WorkTrace does, and tells how far it is.
struct TellingTrace : attention::WorkTrace {
  const std::function<void(std::uint64_t)>* tell;
  TellingTrace(attention::Work* counted, const std::function<void(std::uint64_t)>* told)
      : attention::WorkTrace(counted), tell(told) {}
  void leaf(std::size_t) const noexcept {
    if ((++work->leaves & 0x3fffff) == 0) (*tell)(work->leaves);
  }
};

void count(FrontierPoint& point, const attention::Evaluator& e, const attention::ModelShape& shape,
           const std::function<void(std::uint64_t)>& tell) {
  semantics::OperationCounts operations;
  const semantics::BulkCounting k{&operations};
  const attention::Words words = attention::words_of(e, shape, point.length);
  std::vector<semantics::Counting::Acc> numbers(words.numbers);
  std::vector<semantics::Counting::Score> maxima(words.maxima);
  const attention::Transformer<semantics::Counting::Acc> model =
      attention::model_in(k, attention::random_model(shape, 0));
  const Tape tape(point.length, 0);
  attention::Work work;
  attention::evaluate<semantics::BulkCounting>(
      e, k, model, tape, {numbers, maxima},
      [](std::size_t, attention::ConstNumbers<semantics::BulkCounting>) {}, TellingTrace(&work, &tell));
  point.leaf_evaluations = work.leaves;
  point.steps = work.steps;
  point.operations = operations.total();
  point.counted = true;
}

}  // namespace

bool LedgerEntry::holds() const {
  return working_words == formula_words && leaf_evaluations == closed_form && steps == closed_form_steps &&
         heap_allocations == 0 && (!keeps_bits || same_bits) && std::isfinite(max_difference);
}

std::string name_of(const attention::Evaluator& e) {
  switch (e.kind) {
    case attention::EvaluatorKind::recompute:
      return "full recomputation";
    case attention::EvaluatorKind::row_blocks:
      return fmt::format("{} rows at a time", e.parameter);
    case attention::EvaluatorKind::segments:
      return e.parameter == 1 ? "every layer's output cached"
                              : fmt::format("one layer's output in {} cached", e.parameter);
    case attention::EvaluatorKind::kv_cache:
      return "KV cache";
    case attention::EvaluatorKind::rolling:
      return "rolling cache of one layer";
    case attention::EvaluatorKind::chunked:
      return fmt::format("chunks of {} keys (Rabe-Staats)", e.parameter);
    case attention::EvaluatorKind::tiled:
      return fmt::format("tiles of {0} x {0} (FlashAttention)", e.parameter);
  }
  return "";
}

std::vector<LedgerEntry> measure_ledger(const attention::Transformer<float>& model, std::size_t length,
                                        std::uint64_t seed, std::uint64_t most_steps,
                                        const std::function<void(const std::string&)>& progress) {
  const Tape tape = random_tape(length, model.shape, seed);
  std::vector<LedgerEntry> entries;
  for (const attention::Evaluator& e : evaluators_of(model.shape, length)) {
    progress(name_of(e));
    const std::size_t affords = affordable(e, model.shape, length, most_steps);
    if (!fills(e, affords)) continue;
    const auto end = tape.begin() + static_cast<std::ptrdiff_t>(affords);
    entries.push_back(measured_entry(e, model, Tape(tape.begin(), end)));
  }
  return entries;
}

std::vector<FrontierPoint> measure_frontier(
    const attention::ModelShape& shape, std::size_t length, std::uint64_t most_steps,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
  std::vector<FrontierPoint> points;
  for (const attention::Evaluator& e : evaluators_of(shape, length)) {
    FrontierPoint point;
    point.name = name_of(e);
    point.layers = shape.layers;
    point.length = length;
    point.words = attention::words_of(e, shape, length).total();
    point.formula = words_formula(e, shape);
    point.closed_form = work_of_rows(e, shape, length);
    // Chunks and tiles count one operation after another, some hundred a step.
    const std::uint64_t most = attention::keeps_bits(e) ? most_steps : most_steps / 100;
    if (point.closed_form && point.closed_form->steps <= most) {
      count(point, e, shape,
            [&](std::uint64_t done) { progress(point.name, done, point.closed_form->leaves); });
    }
    points.push_back(point);
  }
  std::ranges::stable_sort(points, {}, &FrontierPoint::words);
  return points;
}

}  // namespace attest::space
