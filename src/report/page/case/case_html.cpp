#include "report/page/case/case_html.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "oracle/definition/row.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/tiers/references.hpp"
#include "report/number.hpp"
#include "report/page/case/case_window.hpp"

namespace attest::report::page {
namespace {

std::string number_text(double x) {
  if (!std::isfinite(x)) return exact_text(x);
  return fmt::format("{:.4g}", x);
}

// What a key of a row scores, whether or not the row sees it.
std::optional<double> score(const Problem& p, const CaseWindow& at, std::int64_t row, std::int64_t key) {
  const oracle::Row one = oracle::gather_row(p, at.b, at.h, row, {key});
  double dot = 0;
  for (std::size_t c = 0; c < one.q.size(); ++c) dot += one.q[c] * one.k[c];
  double value = one.scale * dot;
  if (one.softcap != 0) value = one.softcap * std::tanh(value / one.softcap);
  if (!one.bias.empty()) value += one.bias.front();
  if (!one.distance.empty()) value -= one.slope * one.distance.front();
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

struct Expected {
  bool defined = true;  // inputs that are not finite define no result
  std::vector<double> out;
  double lse = -HUGE_VAL;
};

Expected expected_row(const Problem& p, const CaseWindow& at, std::int64_t i) {
  const oracle::Row row = oracle::gather_row(p, at.b, at.h, i);
  Expected expected{.out = std::vector<double>(static_cast<std::size_t>(p.v_dim()), 0.0)};
  expected.defined = row.finite;
  if (!row.finite || row.empty()) return expected;
  const oracle::RowFacts facts = oracle::reference_f64(row);
  expected.lse = facts.lse.hi;
  if (row.keys == 0) return expected;
  for (std::size_t c = 0; c < expected.out.size(); ++c) expected.out[c] = facts.out[c].hi;
  return expected;
}

struct Cell {
  std::string words;
  std::string css{};
  std::string exact{};
};

class Matrix {
 public:
  explicit Matrix(std::string title) : title_(std::move(title)) {}

  void heading(const std::string& words) { head_ += element("th", words); }
  void begin_row(const std::string& words) {
    end_row();
    row_ = element("th", words);
  }
  void add(const Cell& cell) {
    row_ += element("td", {{"class", cell.css}, {"title", cell.exact}}, cell.words);
  }
  Html html() {
    end_row();
    return element("figure", {{"class", "matrix"}},
                   element("figcaption", title_) +
                       element("div", {{"class", "scroll"}},
                               element("table", element("thead", element("tr", element("th", "") + head_)) +
                                                    element("tbody", rows_))));
  }

 private:
  void end_row() {
    if (!row_.empty()) rows_ += element("tr", row_);
    row_ = Html();
  }

  std::string title_;
  Html head_, rows_, row_;
};

std::string row_name(std::int64_t i) { return fmt::format("row {}", i); }

Html by_keys(const Problem& p, const CaseWindow& at, const std::string& title, bool scores) {
  Matrix matrix(title);
  for (const std::int64_t j : at.keys) matrix.heading(fmt::format("key {}", j));
  for (const std::int64_t i : at.rows) {
    matrix.begin_row(row_name(i));
    for (const std::int64_t j : at.keys) {
      const bool seen = oracle::visible(p, at.b, at.h, i, j);
      if (!scores) {
        matrix.add({seen ? "yes" : "no", seen ? "seen" : "hidden"});
        continue;
      }
      const std::optional<double> value = score(p, at, i, j);
      matrix.add({value ? number_text(*value) : "-", seen ? "" : "hidden", value ? exact_text(*value) : ""});
    }
  }
  return matrix.html();
}

bool is_wrong(const std::vector<Place>& wrong, const Place& place) {
  return std::find(wrong.begin(), wrong.end(), place) != wrong.end();
}

// A row's channels, then its lse where the kernel returned one.
template <class Number>
Html by_channels(const CaseWindow& at, const std::string& title, bool with_lse, const Number& number) {
  Matrix matrix(title);
  for (const std::int64_t c : at.channels) matrix.heading(fmt::format("channel {}", c));
  if (with_lse) matrix.heading("lse");
  for (const std::int64_t i : at.rows) {
    matrix.begin_row(row_name(i));
    for (const std::int64_t c : at.channels) matrix.add(number(Place{at.b, at.h, i, Output::out, c}));
    if (with_lse) matrix.add(number(Place{at.b, at.h, i, Output::lse}));
  }
  return matrix.html();
}

Html results(const check::Finding& finding, const CaseWindow& at) {
  const Problem& p = finding.problem;
  const Result& got = finding.result->result;
  const bool with_lse = got.lse.has_value();
  const std::vector<Place>& wrong = finding.result->wrong;
  std::vector<Expected> rows;
  for (const std::int64_t i : at.rows) rows.push_back(expected_row(p, at, i));
  const auto expected = [&](const Place& place) -> Cell {
    const auto row = std::find(at.rows.begin(), at.rows.end(), place.i) - at.rows.begin();
    const Expected& known = rows[static_cast<std::size_t>(row)];
    if (!known.defined) return {"-", "hidden"};
    const double x = place.in(Output::lse) ? known.lse : known.out[static_cast<std::size_t>(place.channel)];
    return {number_text(x), "", exact_text(x)};
  };
  const auto returned = [&](const Place& place) -> Cell {
    const double x = number_at(got, place);
    const bool bad = is_wrong(wrong, place);
    return {(bad ? "\xe2\x9c\x97 " : "") + number_text(x), bad ? "wrong" : "", exact_text(x)};
  };
  return by_channels(at, "expected", with_lse, expected) + by_channels(at, "got", with_lse, returned);
}

std::string part_text(const char* what, std::size_t shown, std::int64_t all) {
  return static_cast<std::int64_t>(shown) == all
             ? ""
             : fmt::format("; {} of {}", grouped(static_cast<std::int64_t>(shown)), counted(all, what));
}

// What is not drawn.
std::string caption(const check::Finding& finding, const CaseWindow& at) {
  const Problem& p = finding.problem;
  std::string text = fmt::format("Batch {}, head {}", at.b, at.h);
  if (finding.result && !finding.variant.empty()) text += " of " + finding.variant;
  text += part_text("row", at.rows.size(), p.q_len()) + part_text("key", at.keys.size(), p.kv_len());
  if (finding.result) {
    text += part_text("channel", at.channels.size(), p.v_dim());
    const auto wrong = static_cast<std::int64_t>(finding.result->wrong.size());
    return text + fmt::format(". {} wrong in the whole case, marked \xe2\x9c\x97.", counted(wrong, "number"));
  }
  if (!finding.variant.empty())
    return text + ". The failure shows in a changed call: " + finding.variant + ".";
  return text + ". The kernel's result was not kept.";
}

}  // namespace

Html case_html(const check::Finding& finding) {
  const Problem& p = finding.problem;
  if (p.q.rank() != 4 || p.batch() * p.q_heads() * p.q_len() == 0) return {};
  const CaseWindow at = window_of(finding);
  Html matrices;
  if (!at.keys.empty()) {
    matrices += by_keys(p, at, "scores (hidden keys are struck out)", true);
    matrices += by_keys(p, at, "visible", false);
  }
  if (finding.result) matrices += results(finding, at);
  return element("p", {{"class", "note"}}, caption(finding, at)) +
         element("div", {{"class", "matrices"}}, matrices);
}

}  // namespace attest::report::page
