#include "space/measure/measure.hpp"

#include <bit>

#include "numerics/random_value.hpp"
#include "space/measure/allocations.hpp"
#include "space/measure/stack.hpp"

namespace attest::space {
namespace {

constexpr std::size_t kMargin = 256;              // words behind a workspace
constexpr std::uint32_t kPaintBits = 0x7fa5c3a5;  // a signalling NaN, which no operation returns

std::size_t painted(std::span<const float> words) {
  return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [](const float& word) {
    return std::bit_cast<std::uint32_t>(word) == kPaintBits;
  }));
}

}  // namespace

Measured measure(const MeteredRun& run, attention::Words words, std::size_t length, std::size_t hidden) {
  std::vector<float> numbers(words.numbers + kMargin, std::bit_cast<float>(kPaintBits));
  std::vector<float> maxima(words.maxima + kMargin, std::bit_cast<float>(kPaintBits));
  Measured measured;
  measured.rows.assign(length, std::vector<float>(hidden));
  measured.row_leaves.assign(length, 0);
  std::uint64_t before = 0;
  const RowSink sink = [&](std::size_t t, attention::ConstNumbers<semantics::F32> x) {
    std::ranges::copy(x, measured.rows[t].begin());
    measured.row_leaves[t] = measured.work.leaves - before;
    before = measured.work.leaves;
  };
  const attention::Workspace<semantics::F32> workspace{std::span(numbers).first(words.numbers),
                                                       std::span(maxima).first(words.maxima)};
  measured.stack_bytes = stack_bytes_of([&] {
    const std::uint64_t allocated = allocations_of_this_thread();
    run(workspace, sink, attention::WorkTrace(&measured.work));
    measured.heap_allocations = allocations_of_this_thread() - allocated;
  });
  measured.working_words = words.total() - painted(workspace.numbers) - painted(workspace.maxima);
  measured.overran =
      painted(std::span(numbers).last(kMargin)) + painted(std::span(maxima).last(kMargin)) != 2 * kMargin;
  return measured;
}

Measured measure(const attention::Evaluator& e, const attention::Transformer<float>& model,
                 const Tape& tape) {
  const MeteredRun run = [&](attention::Workspace<semantics::F32> workspace, const RowSink& sink,
                             attention::WorkTrace trace) {
    attention::evaluate<semantics::F32>(e, semantics::F32{}, model, tape, workspace, sink, trace);
  };
  return measure(run, attention::words_of(e, model.shape, tape.size()), tape.size(), model.shape.hidden);
}

Tape random_tape(std::size_t length, const attention::ModelShape& shape, std::uint64_t seed) {
  Tape tape;
  for (std::size_t t = 0; t < length; ++t)
    tape.push_back(static_cast<std::uint32_t>(mixed(seed + t) % shape.vocabulary));
  return tape;
}

}  // namespace attest::space
