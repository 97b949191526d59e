#include "space/generate.hpp"

#include <atomic>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "space/closed_forms.hpp"
#include "space/count.hpp"

namespace attest::space {
namespace {

using Clock = std::chrono::steady_clock;

// Tells of a number that another thread raises, so that the run itself neither allocates nor prints.
class Watcher {
 public:
  Watcher(const std::atomic<std::size_t>& chosen, const std::function<void(std::size_t)>& tell)
      : thread_([this, &chosen, tell] {
          std::unique_lock<std::mutex> lock(mutex_);
          while (!wake_.wait_for(lock, std::chrono::milliseconds(200), [this] { return done_; }))
            tell(chosen.load(std::memory_order_relaxed));
        }) {}
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

// The token of the largest logit, the first of equals.
std::uint32_t greedy(const attention::Transformer<float>& model, attention::ConstNumbers<semantics::F32> x,
                     attention::Numbers<semantics::F32> normed) {
  std::uint32_t best = 0;
  float largest = -std::numeric_limits<float>::infinity();
  attention::for_each_logit<semantics::F32>(semantics::F32{}, model, x, normed,
                                            [&](std::size_t token, float logit) {
                                              if (logit > largest) {
                                                largest = logit;
                                                best = static_cast<std::uint32_t>(token);
                                              }
                                            });
  return best;
}

// What both decoders do with a row: choose the token after it. The final norm goes where the rows' scratch
// is.
struct Chooser {
  const attention::Transformer<float>& model;
  Tape& tape;  ///< the prompt and room for all tokens: never grows
  std::size_t prompt;
  attention::Workspace<semantics::F32> scratch;
  const RowSink& sink;
  std::atomic<std::size_t>& chosen;

  void operator()(std::size_t t, attention::ConstNumbers<semantics::F32> x) const {
    tape[t + 1] = greedy(model, x, attention::scratch_of<semantics::F32>(model.shape, scratch).normed);
    sink(t + 1 - prompt, x);
    chosen.store(t + 2 - prompt, std::memory_order_relaxed);
  }
};

void decode_with_cache(const attention::Transformer<float>& model, std::size_t rows,
                       attention::Workspace<semantics::F32> w, const Chooser& choose,
                       attention::WorkTrace trace) {
  const semantics::F32 k;
  attention::KvCache<semantics::F32, attention::WorkTrace> cache(k, model, rows, w, trace);
  for (std::size_t t = 0; t < rows; ++t) {
    const auto x = cache.append(choose.tape[t]);
    if (t + 1 >= choose.prompt) choose(t, x);
  }
}

void decode_in_constant_space(const attention::Transformer<float>& model, std::size_t rows,
                              attention::Workspace<semantics::F32> w, const Chooser& choose,
                              attention::WorkTrace trace) {
  const semantics::F32 k;
  for (std::size_t t = choose.prompt - 1; t < rows; ++t)
    choose(t, attention::recompute_row<semantics::F32, attention::WorkTrace>(
                  k, model, std::span(choose.tape).first(t + 1), t, w, trace));
}

// Leaves of the i-th chosen token's row, by the evaluator.
std::uint64_t leaves_of(attention::EvaluatorKind kind, std::size_t layers, std::size_t prompt,
                        std::size_t i) {
  if (kind == attention::EvaluatorKind::kv_cache) return i == 0 ? prompt : 1;
  return leaves_of_row(layers, prompt + i).value();
}

Decoding decode(attention::EvaluatorKind kind, const attention::Transformer<float>& model, const Tape& prompt,
                std::size_t characters, const std::function<void(std::size_t)>& progress) {
  const std::size_t rows = prompt.size() + characters - 1;
  const attention::ModelShape& shape = model.shape;
  const bool cached = kind == attention::EvaluatorKind::kv_cache;
  const attention::Words before =
      cached ? attention::frame_words(shape)
             : shape.layers * attention::frame_words(shape) + attention::key_value_words(shape);
  Tape tape = prompt;
  tape.resize(rows + 1);
  std::atomic<std::size_t> chosen = 0;
  Decoding result;
  const MeteredRun run = [&](attention::Workspace<semantics::F32> w, const RowSink& sink,
                             attention::WorkTrace trace) {
    const auto begin = Clock::now();
    const Chooser choose{model, tape, prompt.size(), w.after(before), sink, chosen};
    (cached ? decode_with_cache : decode_in_constant_space)(model, rows, w, choose, trace);
    result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  };
  const attention::Words words = attention::words_of({kind}, shape, rows);
  const Watcher watcher(chosen, progress);
  const Measured measured = measure(run, words, characters, shape.hidden);
  result.tokens.assign(tape.begin() + static_cast<std::ptrdiff_t>(prompt.size()), tape.end());
  result.working_words = measured.working_words;
  result.formula_words = words.total();
  result.formula = words_formula({kind}, shape);
  result.tape_words = cached ? 0 : rows;
  result.leaf_evaluations = measured.work.leaves;
  result.heap_allocations = measured.heap_allocations;
  result.stack_bytes = measured.stack_bytes;
  result.rows = measured.rows;
  result.exact = measured.heap_allocations == 0 && !measured.overran;
  for (std::size_t i = 0; i < characters; ++i)
    result.exact = result.exact && measured.row_leaves[i] == leaves_of(kind, shape.layers, prompt.size(), i);
  return result;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::ranges::equal(a, b, [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  });
}

}  // namespace

std::uint64_t constant_space_leaves(std::size_t layers, std::size_t prompt, std::size_t characters) {
  const auto rows_up_to = [&](std::size_t last) {
    return Count::binomial(last + layers, layers + 1).value().value();
  };
  return rows_up_to(prompt + characters - 1) - rows_up_to(prompt - 1);
}

std::size_t Generation::same_tokens() const {
  const auto first = std::ranges::mismatch(kv_cache.tokens, constant_space.tokens).in1;
  return static_cast<std::size_t>(first - kv_cache.tokens.begin());
}

std::size_t Generation::same_rows() const {
  std::size_t same = 0;
  for (std::size_t i = 0; i < std::min(kv_cache.rows.size(), constant_space.rows.size()); ++i)
    same += same_bits(kv_cache.rows[i], constant_space.rows[i]) ? 1U : 0U;
  return same;
}

bool Generation::holds() const {
  const std::size_t all = constant_space.tokens.size();
  return all > 0 && kv_cache.tokens.size() == all && same_tokens() == all && same_rows() == all &&
         kv_cache.holds() && constant_space.holds();
}

Generation generate(const attention::Transformer<float>& model, const Tape& prompt, std::size_t characters,
                    const GenerationProgress& progress) {
  const std::size_t layers = model.shape.layers;
  const auto all = static_cast<double>(constant_space_leaves(layers, prompt.size(), characters));
  const auto tell = [&](std::size_t done) {
    const std::uint64_t leaves = done == 0 ? 0 : constant_space_leaves(layers, prompt.size(), done);
    progress(done, characters, static_cast<double>(leaves) / all);
  };
  // Once for nothing: the C library's functions are found at their first call, which takes stack.
  decode(attention::EvaluatorKind::kv_cache, model, prompt, 1, [](std::size_t) {});
  Generation generation;
  generation.prompt = prompt.size();
  generation.kv_cache =
      decode(attention::EvaluatorKind::kv_cache, model, prompt, characters, [](std::size_t) {});
  generation.kv_cache.name = "KV cache";
  generation.kv_cache.closed_form = prompt.size() + characters - 1;
  generation.kv_cache.leaves_formula = "P + M - 1";
  generation.constant_space = decode(attention::EvaluatorKind::recompute, model, prompt, characters, tell);
  generation.constant_space.name = "constant space";
  generation.constant_space.closed_form = constant_space_leaves(layers, prompt.size(), characters);
  generation.constant_space.leaves_formula = "C(P+M-1+N, N+1) - C(P-1+N, N+1)";
  return generation;
}

}  // namespace attest::space
