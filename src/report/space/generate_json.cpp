#include "report/space/generate_json.hpp"

#include <fmt/format.h>

#include "report/columns.hpp"

namespace attest::report {
namespace {

Json decoding_json(const space::LanguageModel& model, const space::Decoding& d) {
  return {{"name", d.name},
          {"text", space::text_of(model, d.tokens)},
          {"working_words", d.working_words},
          {"formula", d.formula},
          {"formula_words", d.formula_words},
          {"tape_words", d.tape_words},
          {"leaf_evaluations", d.leaf_evaluations},
          {"closed_form", d.closed_form},
          {"leaves_formula", d.leaves_formula},
          {"heap_allocations", d.heap_allocations},
          {"stack_bytes", d.stack_bytes},
          {"seconds", d.seconds},
          {"holds", d.holds()}};
}

// The lines of a text, each behind a bar.
std::string barred(const std::string& text) {
  std::string result = "  | ";
  for (const char c : text) result += c == '\n' ? "\n  | " : std::string(1, c);
  return result + "\n";
}

template <class Integer>
std::string count_text(Integer n) {
  return fmt::format("{}", fmt::group_digits(n));
}

}  // namespace

Json generation_json(const GenerationReport& report) {
  const attention::ModelShape& s = report.model.transformer.shape;
  const space::Generation& g = report.generation;
  return {{"model",
           {{"path", report.path},
            {"layers", s.layers},
            {"hidden", s.hidden},
            {"q_heads", s.q_heads},
            {"kv_heads", s.kv_heads},
            {"head_dim", s.head_dim},
            {"mlp_hidden", s.mlp_hidden},
            {"vocabulary", s.vocabulary},
            {"held_out_perplexity", report.model.held_out_perplexity}}},
          {"prompt", report.prompt},
          {"characters", g.constant_space.tokens.size()},
          {"same_characters", g.same_tokens()},
          {"same_rows", g.same_rows()},
          {"holds", g.holds()},
          {"decoders", Json::array({decoding_json(report.model, g.kv_cache),
                                    decoding_json(report.model, g.constant_space)})}};
}

std::string generation_text(const GenerationReport& report) {
  const attention::ModelShape& s = report.model.transformer.shape;
  const space::Generation& g = report.generation;
  std::string text = fmt::format(
      "{}: {} layers, d {}, {} query heads, {} key heads of {}, MLP {}, an alphabet of {} characters{}\n",
      report.path, s.layers, s.hidden, s.q_heads, s.kv_heads, s.head_dim, s.mlp_hidden, s.vocabulary,
      report.model.held_out_perplexity.empty()
          ? ""
          : fmt::format("; held-out perplexity {} per character", report.model.held_out_perplexity));
  Columns ledger{
      {"decoder", "words", "by formula", "tape", "leaves", "by formula", "heap", "stack", "seconds"}, {}};
  Columns formulas{{"decoder", "words", "leaves"}, {}};
  for (const space::Decoding* d : {&g.kv_cache, &g.constant_space}) {
    text += fmt::format("\n{}\n{}", d->name, barred(report.prompt + space::text_of(report.model, d->tokens)));
    ledger.rows.push_back({d->name, count_text(d->working_words), count_text(d->formula_words),
                           count_text(d->tape_words), count_text(d->leaf_evaluations),
                           count_text(d->closed_form), count_text(d->heap_allocations),
                           count_text(d->stack_bytes), fmt::format("{:.3f}", d->seconds)});
    formulas.rows.push_back({d->name, d->formula, d->leaves_formula});
  }
  return text + "\n" + columns_text(ledger) + "\n" + columns_text(formulas) +
         fmt::format(
             "P = {} characters of prompt, M = {} decoded, L = P + M - 1 rows; N layers, d hidden size, H "
             "query heads\nand H_kv key heads of dimension d_h, MLP hidden size of the MLP\n",
             g.prompt, g.constant_space.tokens.size());
}

std::string generation_summary(const space::Generation& g) {
  const std::size_t all = g.constant_space.tokens.size();
  return fmt::format("decoded: {} of {} characters equal, {} of {} rows equal bit for bit; {}",
                     g.same_tokens(), all, g.same_rows(), all,
                     g.kv_cache.holds() && g.constant_space.holds()
                         ? "words and leaves match their formulas"
                         : "words or leaves DO NOT match their formulas");
}

}  // namespace attest::report
