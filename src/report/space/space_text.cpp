#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/columns.hpp"
#include "report/number.hpp"
#include "report/space/space_json.hpp"

namespace attest::report {
namespace {

template <class Integer>
std::string count_text(Integer n) {
  return fmt::format("{}", fmt::group_digits(n));
}

Columns certificate_table(const space::SpaceReport& report) {
  Columns table{{"layers", "lengths", "words = formula", "heap allocations", "stack, bytes",
                 "leaves = C(L+N-1, N)", "same bits as KV cache", "twin: KV cache"},
                {}};
  for (const space::CertifiedPair& pair : report.certificates) {
    const space::SpaceCertificate& c = pair.certificate;
    std::uint64_t heap = 0, leaves = 0;
    std::size_t same = 0, exact = 0;
    for (const space::CertifiedRun& run : c.runs) {
      heap += run.heap_allocations;
      leaves = run.leaves;
      same += run.same_bits ? 1 : 0;
      exact += run.working_words == c.formula_words ? 1 : 0;
    }
    table.rows.push_back({fmt::format("{}", c.shape.layers), fmt::format("1..{}", c.runs.size()),
                          fmt::format("{} at {} of {}", c.formula_words, exact, c.runs.size()),
                          count_text(heap), fmt::format("<= {}", c.max_stack_bytes()), count_text(leaves),
                          fmt::format("{} of {}", same, c.runs.size()),
                          pair.twin.holds() ? "PASSES" : "fails, as it must"});
  }
  return table;
}

std::string failures_of(const space::SpaceReport& report) {
  std::string text;
  for (const space::CertifiedPair& pair : report.certificates) {
    for (const std::string& failure : pair.certificate.failures)
      text += fmt::format("FAILS at {} layers: {}\n", pair.certificate.shape.layers, failure);
  }
  if (!report.certificates.empty())
    text += fmt::format("The twin, {}: {}.\n", report.certificates.front().twin.name,
                        fmt::join(report.certificates.front().twin.failures, "; "));
  return text;
}

// A measured number, followed by the derived one if they differ.
std::string measured(std::uint64_t number, std::uint64_t derived) {
  if (number == derived) return count_text(number);
  return fmt::format("{} (formula: {})", count_text(number), count_text(derived));
}

Columns ledger_table(const space::SpaceReport& report) {
  Columns table{{"evaluator", "L", "words", "tape", "leaves", "heap", "stack", "compared with the KV cache"},
                {}};
  for (const space::LedgerEntry& e : report.evaluators) {
    table.rows.push_back({e.name, count_text(e.length), measured(e.working_words, e.formula_words),
                          count_text(e.tape_words), measured(e.leaf_evaluations, e.closed_form),
                          count_text(e.heap_allocations), count_text(e.stack_bytes),
                          e.same_bits    ? "same bits"
                          : e.keeps_bits ? "OTHER BITS"
                                         : fmt::format("within {}", short_text(e.max_difference))});
  }
  return table;
}

Columns formula_table(const space::SpaceReport& report) {
  Columns table{{"evaluator", "leaves, all rows", "words"}, {}};
  for (const space::LedgerEntry& e : report.evaluators)
    table.rows.push_back({e.name, e.leaves_formula, e.formula});
  return table;
}

Columns frontier_table(const std::vector<space::FrontierPoint>& points) {
  Columns table{{"evaluator", "words", "leaves", "steps", "operations"}, {}};
  for (const space::FrontierPoint& p : points) {
    const std::string derived =
        p.closed_form ? count_text(p.closed_form->leaves) + " (not run)" : "over 2^64 (not run)";
    table.rows.push_back({p.name, count_text(p.words),
                          p.counted ? measured(p.leaf_evaluations, p.closed_form->leaves) : derived,
                          p.counted ? measured(p.steps, p.closed_form->steps) : "-",
                          p.counted ? count_text(p.operations) : "-"});
  }
  return table;
}

Columns flip_book_table(const space::SpaceReport& report) {
  Columns table{
      {"cell", "L", "words", "formula", "steps = L (L+1) / 2", "heap", "stack", "re-read = one pass"}, {}};
  for (const space::FlipBookEntry& e : report.flip_books) {
    table.rows.push_back({e.name, count_text(e.length), measured(e.state_words, e.formula_words), e.formula,
                          measured(e.steps, e.closed_form), count_text(e.heap_allocations),
                          count_text(e.stack_bytes), e.same_bits ? "same bits" : "OTHER BITS"});
  }
  return table;
}

constexpr std::string_view kFlipBooks =
    "flip-book RNNs: every row re-reads the tape from its start (attention: compared with the recurrence "
    "over its keys)";

constexpr std::string_view kLegend =
    "N layers, d hidden size, H query heads and H_kv key heads of dimension d_h, MLP hidden size of the MLP, "
    "L tokens; B rows per block, K = ceil(L/B) blocks, the last with r rows; h layers per segment; c, b the "
    "sizes of a chunk and a tile";

std::string shape_text(const attention::ModelShape& s) {
  return fmt::format("{} layers, d {}, {} query heads, {} key heads of {}, MLP {}{}", s.layers, s.hidden,
                     s.q_heads, s.kv_heads, s.head_dim, s.mlp_hidden,
                     s.prefix > 0 ? fmt::format(", a learned prefix of {}", s.prefix) : "");
}

std::string frontier_title(const std::vector<space::FrontierPoint>& points) {
  return fmt::format("space versus time, {} layers, {} tokens, all rows (counted)", points.front().layers,
                     count_text(points.front().length));
}

}  // namespace

std::string space_text(const space::SpaceReport& report) {
  std::string text = "certificate of constant space (a small model in f32, last row of each length)\n";
  text += columns_text(certificate_table(report)) + failures_of(report);
  text += fmt::format("\nledger, all rows in f32: {}\n", shape_text(report.shape));
  text += columns_text(ledger_table(report)) + "\nformulas\n" + columns_text(formula_table(report));
  text += fmt::format("{}\n", kLegend);
  if (report.shape.prefix > 0)
    text += fmt::format("learned prefix: {} more words, not computed from the input\n",
                        count_text(report.evaluators.front().prefix_words));
  text += fmt::format("\n{}\n", kFlipBooks) + columns_text(flip_book_table(report));
  for (const auto& points : report.frontiers)
    text += "\n" + frontier_title(points) + "\n" + columns_text(frontier_table(points));
  return text + fmt::format("\n{}\n", space::kAccessModel);
}

std::string space_markdown(const space::SpaceReport& report) {
  std::string text = fmt::format("{}.\n\n{}\n{}\n", space_summary(report),
                                 columns_markdown(certificate_table(report)), failures_of(report));
  text += fmt::format("Access model. {}\n\nThe ledger, all rows in f32: {}. {}.\n\n", space::kAccessModel,
                      shape_text(report.shape), kLegend);
  text +=
      columns_markdown(ledger_table(report)) + "\nFormulas:\n\n" + columns_markdown(formula_table(report));
  text += fmt::format("\nF{}.\n\n", kFlipBooks.substr(1)) + columns_markdown(flip_book_table(report));
  for (const auto& points : report.frontiers)
    text += fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", frontier_title(points),
                        columns_markdown(frontier_table(points)));
  return text;
}

std::string space_summary(const space::SpaceReport& report) {
  std::vector<std::size_t> layers;
  std::size_t points = 0;
  for (const space::CertifiedPair& pair : report.certificates)
    layers.push_back(pair.certificate.shape.layers);
  for (const auto& frontier : report.frontiers) {
    for (const space::FrontierPoint& point : frontier) points += point.counted ? 1 : 0;
  }
  return fmt::format("constant space: {} at {} layers; {} evaluators measured and {} points counted, {}",
                     report.holds() ? "certified" : "NOT CERTIFIED", fmt::join(layers, ", "),
                     report.evaluators.size(), points,
                     report.holds() ? "all match their formulas" : "NOT all match their formulas");
}

}  // namespace attest::report
