#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/forms/forms_report.hpp"
#include "report/number.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

std::string text_of(const MatrixTotals& sum) {
  if (sum.violated > 0) return fmt::format("**violated** in {} of {}", sum.violated, sum.held + sum.violated);
  if (sum.held == 0) return "n/a";
  return fmt::format("{} ({})", sum.held, grouped(sum.cases));
}

// Empty unless every theorem that the law names was proved in this run.
std::string proved(const forms::MatrixLaw& law, const std::vector<prove::TheoremReport>& proofs) {
  std::vector<std::string> names;
  for (const std::string_view name : law.theorems) {
    const auto found = std::find_if(proofs.begin(), proofs.end(),
                                    [&](const prove::TheoremReport& report) { return report.name == name; });
    if (found == proofs.end() || !prove::as_expected(*found)) return "";
    names.push_back(fmt::format("`{}`", name));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string laws_by(const std::vector<forms::MatrixName>& columns, std::string forms::Cell::*column,
                    const std::vector<forms::Cell>& cells) {
  std::vector<std::string> head{"law"};
  for (const forms::MatrixName& name : columns) head.emplace_back(name.name);
  std::string text = table_head(head);
  for (const forms::MatrixLaw& law : forms::matrix_laws()) {
    std::vector<std::string> row{std::string(law.name)};
    for (const forms::MatrixName& name : columns) {
      row.push_back(text_of(matrix_totals(
          cells, [&](const forms::Cell& c) { return c.law == law.name && c.*column == name.name; })));
    }
    text += table_row(row);
  }
  return text;
}

}  // namespace

MatrixTotals matrix_totals(const std::vector<forms::Cell>& cells,
                           const std::function<bool(const forms::Cell&)>& chosen) {
  MatrixTotals sum;
  for (const forms::Cell& c : cells) {
    if (c.status == forms::CellStatus::not_applicable || (chosen && !chosen(c))) continue;
    ++(c.status == forms::CellStatus::held ? sum.held : sum.violated);
    sum.cases += c.cases;
  }
  return sum;
}

std::string matrix_summary(const std::vector<forms::Cell>& cells) {
  const MatrixTotals sum = matrix_totals(cells);
  return fmt::format("own forms: {} combinations of law, form and kind of number hold, in {} cases{}",
                     grouped(sum.held), grouped(sum.cases),
                     sum.violated > 0 ? fmt::format(", {} VIOLATED", grouped(sum.violated)) : "");
}

std::string matrix_markdown(const std::vector<forms::Cell>& cells,
                            const std::vector<prove::TheoremReport>& proofs) {
  std::string text =
      "Every law is tested on every form of the recurrence in every kind of number. In exact numbers, "
      "results are equal; in floats, they are within the certified bound of the form's contract.\n\n";
  text += table_head({"law", "statement", "proved by theorems", "catches"});
  for (const forms::MatrixLaw& law : forms::matrix_laws()) {
    const std::string by = proved(law, proofs);
    text += table_row({std::string(law.name), cell(std::string(law.statement)),
                       by.empty() ? "tested only" : by, cell(std::string(law.catches))});
  }
  text +=
      "\n### By form\n\nThe number of kinds of number in which the law held (and the number of cases).\n\n" +
      laws_by(forms::matrix_forms(), &forms::Cell::form, cells);
  text +=
      "\n### By kind of number\n\nThe number of forms for which the law held (and the number of cases).\n\n" +
      laws_by(forms::matrix_semantics(), &forms::Cell::semantics, cells);
  for (const forms::Cell& c : cells) {
    if (c.status == forms::CellStatus::violated)
      text += fmt::format("\n- **{}** violated by {} in {}: `{}`\n", c.law, c.form, c.semantics, c.why);
  }
  text += "\nNot applicable:\n\n";
  std::set<std::string> reasons;
  for (const forms::Cell& c : cells) {
    if (c.status == forms::CellStatus::not_applicable) reasons.insert(fmt::format("- {}", cell(c.why)));
  }
  return text + fmt::format("{}\n", fmt::join(reasons, "\n"));
}

}  // namespace attest::report
