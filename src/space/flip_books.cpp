#include "space/flip_books.hpp"

#include "attention/cells/attention.hpp"
#include "attention/cells/flip_book.hpp"
#include "attention/cells/gated.hpp"
#include "attention/cells/linear_attention.hpp"
#include "attention/cells/retention.hpp"
#include "attention/cells/selective_scan.hpp"
#include "attention/cells/wkv.hpp"
#include "attention/run.hpp"
#include "numerics/draw.hpp"

namespace attest::space {
namespace {

constexpr std::size_t kDim = 4;  // of queries, keys and states
constexpr std::size_t kValues = 3;

using Vector = std::vector<float>;
using View = attention::Numbers<semantics::F32>;
using Rows = std::vector<Vector>;

Vector normals(Draw& draw, std::size_t n) {
  Vector x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(static_cast<float>(draw.normal()));
  return x;
}

Vector features(Draw& draw, std::size_t n) {
  Vector x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(static_cast<float>(0.1 + draw.unit()));
  return x;
}

// A cell whose steps are counted.
template <class Cell>
struct Stepped {
  const Cell& cell;
  std::uint64_t* steps;
  template <class State, class Token>
  void step(State& state, const Token& token) const {
    ++*steps;
    cell.step(state, token);
  }
  template <class State, class Token, class Output>
  void emit(State& state, const Token& token, Output&& output) const {
    ++*steps;
    cell.emit(state, token, output);
  }
};

// Numbers of a state in the workspace, and those that its struct holds.
struct Size {
  std::size_t numbers, scalars;
  std::string formula;
  attention::Words words() const { return {numbers, 0}; }
};

/// What the ledger needs of a cell: `state(workspace)` is its state of no tokens, in the workspace; `cell(t)`
/// the cell of row t; `reference` the rows that re-reading must give, bit for bit.
template <class Cells, class States, class Tokens>
FlipBookEntry measured_entry(const std::string& name, const Size& size, const Cells& cell,
                             const States& state, const Tokens& tokens, const Rows& reference) {
  const std::size_t outputs = reference.front().size();
  Vector output(outputs);
  std::uint64_t steps = 0;
  const MeteredRun run = [&](attention::Workspace<semantics::F32> workspace, const RowSink& sink,
                             attention::WorkTrace) {
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const auto cell_of_row = cell(t);
      auto empty = state(workspace);
      attention::flip_book_row(Stepped<decltype(cell_of_row)>{cell_of_row, &steps}, empty, tokens, t, output);
      sink(t, output);
    }
  };
  const Measured measured = measure(run, size.words(), tokens.size(), outputs);
  const std::uint64_t length = tokens.size();
  return {name,
          tokens.size(),
          measured.working_words + size.scalars + (measured.overran ? 1 : 0),
          size.numbers + size.scalars,
          size.formula,
          steps,
          length * (length + 1) / 2,
          measured.heap_allocations,
          measured.stack_bytes,
          measured.rows == reference};
}

// Rows of the same cell in one pass, with a state of its own.
template <class Cell, class States, class Tokens>
Rows in_one_pass(const Cell& cell, const States& state, attention::Words words, const Tokens& tokens,
                 std::size_t outputs) {
  Vector numbers(words.numbers), maxima(words.maxima);
  Rows rows(tokens.size(), Vector(outputs));
  auto empty = state(attention::Workspace<semantics::F32>{numbers, maxima});
  attention::one_pass(cell, empty, tokens, rows);
  return rows;
}

template <class Cell, class States, class Tokens>
FlipBookEntry one_pass_entry(const std::string& name, const Size& size, const Cell& cell, const States& state,
                             const Tokens& tokens, std::size_t outputs) {
  return measured_entry(
      name, size, [&](std::size_t) { return cell; }, state, tokens,
      in_one_pass(cell, state, size.words(), tokens, outputs));
}

View zeros(attention::Workspace<semantics::F32> w, std::size_t at, std::size_t n) {
  const View part = w.numbers.subspan(at, n);
  std::ranges::fill(part, 0.0F);
  return part;
}

attention::GateWeights<Vector> gate(Draw& draw) {
  return {normals(draw, kDim * kDim), normals(draw, kDim * kDim), normals(draw, kDim), normals(draw, kDim)};
}

void add_gated(std::vector<FlipBookEntry>& entries, const semantics::F32& k, Draw& draw, std::size_t length) {
  Rows tokens;
  for (std::size_t j = 0; j < length; ++j) tokens.push_back(normals(draw, kDim));
  const auto state = [](attention::Workspace<semantics::F32> w) {
    return attention::GatedState<View>{zeros(w, 0, kDim), zeros(w, kDim, kDim)};
  };
  const attention::ElmanCell<semantics::F32, Vector> rnn{k, gate(draw)};
  const attention::GruCell<semantics::F32, Vector> gru{k, gate(draw), gate(draw), gate(draw)};
  // The cells hold weights by value; views keep a row's copy of a cell from allocating.
  const auto view = [](const attention::GateWeights<Vector>& w) {
    using Weights = std::span<const float>;
    return attention::GateWeights<Weights>{w.input, w.hidden, w.input_bias, w.hidden_bias};
  };
  const attention::ElmanCell<semantics::F32, std::span<const float>> rnn_view{k, view(rnn.w)};
  const attention::GruCell<semantics::F32, std::span<const float>> gru_view{
      k, view(gru.update), view(gru.reset), view(gru.candidate)};
  entries.push_back(one_pass_entry("RNN (Elman)", {2 * kDim, 0, "2 n"}, rnn_view, state, tokens, kDim));
  entries.push_back(one_pass_entry("GRU", {2 * kDim, 0, "2 n"}, gru_view, state, tokens, kDim));
}

void add_linear(std::vector<FlipBookEntry>& entries, const semantics::F32& k, Draw& draw,
                std::size_t length) {
  std::vector<attention::LinearToken<semantics::F32>> linear;
  std::vector<attention::RetentionToken<semantics::F32>> retention;
  for (std::size_t j = 0; j < length; ++j) {
    linear.push_back({features(draw, kDim), features(draw, kDim), normals(draw, kValues)});
    retention.push_back({normals(draw, kDim), normals(draw, kDim), normals(draw, kValues)});
  }
  const std::size_t matrix = kDim * kValues;
  entries.push_back(one_pass_entry(
      "linear attention", {matrix + kDim, 0, "f v + f"}, attention::LinearAttention<semantics::F32>{k},
      [=](attention::Workspace<semantics::F32> w) {
        return attention::LinearState<semantics::F32, View>{zeros(w, 0, matrix), zeros(w, matrix, kDim)};
      },
      linear, kValues));
  entries.push_back(one_pass_entry(
      "RetNet, a head", {matrix, 1, "d v + 1"}, attention::Retention<semantics::F32>{k, 0.9375F},
      [=](attention::Workspace<semantics::F32> w) {
        return attention::RetentionState<semantics::F32, View>{1.0F, zeros(w, 0, matrix)};
      },
      retention, kValues));
}

void add_channels(std::vector<FlipBookEntry>& entries, const semantics::F32& k, Draw& draw,
                  std::size_t length) {
  std::vector<attention::WkvToken<semantics::F32>> wkv;
  std::vector<attention::ScanToken<semantics::F32>> scan;
  for (std::size_t j = 0; j < length; ++j) {
    wkv.push_back({static_cast<float>(draw.normal()), static_cast<float>(draw.normal())});
    Vector decays = features(draw, kDim);
    for (float& decay : decays) decay = -decay;
    scan.push_back(
        {decays, 0.5F, normals(draw, kDim), normals(draw, kDim), static_cast<float>(draw.normal())});
  }
  entries.push_back(one_pass_entry(
      "RWKV-4, a channel", {1, 3, "4"}, attention::Wkv<semantics::F32>{k, 0.25F, 0.5F},
      [&](attention::Workspace<semantics::F32> w) {
        return attention::WkvState<semantics::F32, View>{k.origin(), {k.masked(), 0.0F, zeros(w, 0, 1)}};
      },
      wkv, 1));
  entries.push_back(one_pass_entry(
      "selective scan (Mamba), a channel", {kDim, 0, "n"}, attention::SelectiveScan<semantics::F32>{k, 0.75F},
      [](attention::Workspace<semantics::F32> w) { return zeros(w, 0, kDim); }, scan, 1));
}

struct AttentionToken {
  Vector query, key, value;
};

void add_attention(std::vector<FlipBookEntry>& entries, const semantics::F32& k, Draw& draw,
                   std::size_t length) {
  std::vector<AttentionToken> tokens;
  for (std::size_t j = 0; j < length; ++j)
    tokens.push_back({normals(draw, kDim), normals(draw, kDim), normals(draw, kValues)});
  const auto cell = [&](std::size_t t) {
    const auto score = [&k, &tokens, t](const AttentionToken& token) {
      return 0.5F * attention::dot(k, tokens[t].query, token.key);
    };
    return attention::AttentionCell<semantics::F32, decltype(score)>{k, score};
  };
  Rows reference;
  for (std::size_t t = 0; t < length; ++t) {
    Vector scores;
    Rows values;
    for (std::size_t j = 0; j <= t; ++j) {
      scores.push_back(cell(t).score(tokens[j]));
      values.push_back(tokens[j].value);
    }
    reference.push_back(
        attention::finalize(k, *attest::attention::run(k, attention::sequential(t + 1), scores, values)));
  }
  entries.push_back(measured_entry(
      "attention, a head", {kValues, 2, "v + 2"}, cell,
      [&](attention::Workspace<semantics::F32> w) {
        return attention::State<semantics::F32, View>{k.masked(), 0.0F, zeros(w, 0, kValues)};
      },
      tokens, reference));
}

}  // namespace

std::vector<FlipBookEntry> measure_flip_books(std::size_t length, std::uint64_t seed) {
  const semantics::F32 k;
  Draw draw{rc::Random(seed)};
  std::vector<FlipBookEntry> entries;
  add_gated(entries, k, draw, length);
  add_linear(entries, k, draw, length);
  add_channels(entries, k, draw, length);
  add_attention(entries, k, draw, length);
  return entries;
}

}  // namespace attest::space
