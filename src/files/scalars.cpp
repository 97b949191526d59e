#include "files/scalars.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "files/tensor_archive.hpp"
#include "problem/inputs.hpp"
#include "problem/quote.hpp"

namespace attest::files {
namespace {

bool has_lengths(const Problem& p) { return p.q.rank() == 4 && p.k.rank() == 4; }

Causal causal_of_true(const Problem& p) {
  if (p.q_start) return Causal::bottom_right;
  if (has_lengths(p) && p.q_len() == p.kv_len()) return Causal::top_left;
  throw FileFormatError(
      "causal is True, which does not say whether row 0 sees key 0 alone (top-left) or the last row all keys "
      "(bottom-right); give q_start");
}

// What top-left and bottom-right say of row 0 must be what q_start says.
void require_agreement(Causal causal, const Problem& p, bool has_kv_lens) {
  if (!p.q_start || causal == Causal::none || !has_lengths(p)) return;
  const std::int64_t position = causal == Causal::top_left ? 0 : p.kv_len() - p.q_len();
  if (*p.q_start == position && (causal == Causal::top_left || !has_kv_lens)) return;
  throw FileFormatError(fmt::format("causal is {}, but q_start is {}; with q_start write causal = True",
                                    name_of(causal), *p.q_start));
}

}  // namespace

double number_from(const std::string& name, const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) {
    throw FileFormatError(fmt::format("{} is '{}', which is not a number", name, quote(text)));
  }
  return value;
}

std::int64_t whole_from(const std::string& name, const std::string& text) {
  std::int64_t exact = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (error == std::errc{} && end == text.data() + text.size()) return exact;
  const double value = number_from(name, text);
  if (!(std::fabs(value) < 0x1p62) || std::trunc(value) != value) {
    throw FileFormatError(fmt::format("{} is '{}', must be an integer", name, quote(text)));
  }
  return static_cast<std::int64_t>(value);
}

Causal causal_from(std::string text, const Problem& p, bool has_kv_lens) {
  std::replace(text.begin(), text.end(), '_', '-');
  for (const Causal causal : {Causal::none, Causal::top_left, Causal::bottom_right}) {
    if (text != name_of(causal) && text != std::to_string(static_cast<int>(causal))) continue;
    require_agreement(causal, p, has_kv_lens);
    return causal;
  }
  if (text == "False" || text == "false") return Causal::none;
  if (text == "True" || text == "true") return causal_of_true(p);
  throw FileFormatError(fmt::format("causal is '{}', must be {}", quote(text), kCausalValues));
}

void simplify_q_start(Problem& p) {
  if (!p.q_start || !has_lengths(p)) return;
  const bool windowed = p.window_left != -1 || p.window_right != -1;
  if (p.causal == Causal::none && !windowed && !p.alibi_slopes) {
    p.q_start.reset();
  } else if (*p.q_start == 0 && p.causal != Causal::none) {
    p.causal = Causal::top_left;
    p.q_start.reset();
  } else if (*p.q_start == p.kv_len() - p.q_len() && !p.kv_lens && p.causal != Causal::top_left) {
    p.q_start.reset();
  }
}

std::string causal_text(const Problem& p) {
  return p.q_start && p.causal != Causal::none ? "True" : std::string(name_of(p.causal));
}

}  // namespace attest::files
