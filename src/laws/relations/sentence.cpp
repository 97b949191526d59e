#include "laws/relations/sentence.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/scores.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

// Above this many keys nobody reads a list, nor wants the time spent on it.
constexpr std::size_t kListed = 6;

double score(const Problem& p, const oracle::Element& e, std::int64_t j) {
  return score_of(p, e.b, e.h, e.i, j);
}

bool scores_equal(const Problem& p, const oracle::Element& e, const std::vector<std::int64_t>& keys) {
  const double first = score(p, e, keys.front());
  return std::all_of(keys.begin(), keys.end(), [&](std::int64_t j) { return score(p, e, j) == first; });
}

std::vector<std::string> visible_values(const Problem& p, const oracle::Element& e,
                                        const std::vector<std::int64_t>& keys) {
  std::vector<std::string> values;
  for (const std::int64_t j : keys) {
    values.push_back(short_number(KeyValue(p).value(e.b, oracle::kv_head_of(p, e.h), j, e.channel)));
  }
  return values;
}

std::string value_expectation(const Problem& p, const oracle::Element& e,
                              const std::vector<std::int64_t>& keys) {
  const std::string number = number_beside(e.expected, e.got);
  if (keys.empty()) return "0, because it sees no key";
  const bool sink = has_sink(p, e.h);
  const bool equal = scores_equal(p, e, keys);
  if (keys.size() == 1 && !sink) return number + ", the only visible value";
  const std::string mean = sink ? "weighted mean, with a sink," : (equal ? "mean" : "weighted mean");
  const std::string list = keys.size() <= kListed ? fmt::format("the visible values {}",
                                                                fmt::join(visible_values(p, e, keys), ", "))
                                                  : fmt::format("{} visible values", keys.size());
  return fmt::format("{}, the {} of {}", number, mean, list);
}

std::string lse_expectation(const Problem& p, const oracle::Element& e,
                            const std::vector<std::int64_t>& keys) {
  const std::string number = number_beside(e.expected, e.got);
  if (keys.empty()) return number + (has_sink(p, e.h) ? ", the sink" : ", because it sees no key");
  if (has_sink(p, e.h) || !scores_equal(p, e, keys)) {
    return fmt::format("{}, over {} visible key{}", number, keys.size(), keys.size() == 1 ? "" : "s");
  }
  const std::string count = fmt::format("ln {}", keys.size());
  const double s = score(p, e, keys.front());
  return fmt::format("{} = {}", number, s == 0 ? count : fmt::format("{} + {}", short_number(s), count));
}

}  // namespace

std::string short_number(double x) {
  if (std::isnan(x)) return "nan";
  const std::string text = fmt::format("{:.6g}", x);
  return text == "-0" ? "0" : text;
}

std::string number_beside(double x, double other) {
  std::string text = short_number(x);
  if (x == other || std::isnan(x) || std::isnan(other)) return text;
  std::string beside = short_number(other);
  for (int digits = 7; digits <= 17 && text == beside; ++digits) {
    text = fmt::format("{:.{}g}", x, digits);
    beside = fmt::format("{:.{}g}", other, digits);
  }
  return text;
}

std::string where(const Problem& p, const Place& e) {
  std::string text;
  if (p.batch() > 1) text += fmt::format("batch {}, ", e.b);
  if (p.q_heads() > 1) text += fmt::format("head {}, ", e.h);
  text += fmt::format("row {}", e.i);
  if (e.in(Output::out) && p.v_dim() > 1) text += fmt::format(", channel {}", e.channel);
  return text;
}

std::string expectation(const Problem& p, const oracle::Element& e) {
  const std::vector<std::int64_t> keys = oracle::visible_keys(p, e.b, e.h, e.i);
  std::string text = e.in(Output::lse) ? lse_expectation(p, e, keys) : value_expectation(p, e, keys);
  if (e.bound > 0) text += fmt::format(" (+- {:.1g})", e.bound);
  return text;
}

std::string value_sentence(const Problem& p, const oracle::Element& e) {
  return fmt::format("returns {} where {}{} must be {}", number_beside(e.got, e.expected),
                     e.in(Output::lse) ? "the lse of " : "", where(p, e), expectation(p, e));
}

std::string change_sentence(const Problem& p, const oracle::Element& e) {
  return fmt::format("turn {}{} from {} into {}", e.in(Output::lse) ? "the lse of " : "", where(p, e),
                     number_beside(e.expected, e.got), number_beside(e.got, e.expected));
}

}  // namespace attest::laws
