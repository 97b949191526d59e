#include "report/compare/compare_rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/check/case_text.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

std::string sum_text(const check::Differences& d) {
  return d.ratios.count() == 0 ? "none" : short_text(d.ratios.max());
}

// Beyond a million, how many they are says little.
std::string ulps(double count) {
  return count < 1e6 ? grouped(static_cast<std::int64_t>(count)) : short_text(count);
}

std::string ulp_text(const check::Differences& d) { return d.unlike > 0 ? "inf" : ulps(d.largest_ulp); }

// Seen from the row's kernel.
std::string cell_of(const check::PairReport& report, bool row_is_first) {
  switch (report.verdict) {
    case check::PairVerdict::equal_bits:
      return "=";
    case check::PairVerdict::equivalent:
      return "~";
    case check::PairVerdict::one_wrong:
      return report.wrong(row_is_first ? 0 : 1) ? "row" : "col";
    case check::PairVerdict::both_wrong:
      return "both";
    case check::PairVerdict::cannot_tell:
      return "?";
  }
  return "";
}

std::string farthest_sentence(const check::PairReport& report) {
  const check::DifferingOutput& f = report.differences.farthest();
  oracle::Element place;
  static_cast<Place&>(place) = f;
  return fmt::format("farthest apart: {} of {}: {} gives {}, {} gives {}; exact {}, bounds {} and {}",
                     element_name(place), f.where, report.kernels[0].info.name, exact_text(f.first),
                     report.kernels[1].info.name, exact_text(f.second), exact_text(f.expected),
                     short_text(f.first_bound), short_text(f.second_bound));
}

}  // namespace

std::string verdict_sentence(const check::PairReport& report) {
  const check::KernelReport& first = report.kernels[0];
  const check::KernelReport& second = report.kernels[1];
  if (report.verdict != check::PairVerdict::one_wrong)
    return fmt::format("{} and {}", first.info.name, second.info.name);
  const check::KernelReport& wrong = report.wrong(0) ? first : second;
  const check::KernelReport& other = report.wrong(0) ? second : first;
  return fmt::format("{} is wrong; {} is {}", wrong.info.name, other.info.name, name_of(other.verdict));
}

std::vector<std::string> difference_sentences(const check::PairReport& report) {
  const check::Differences& all = report.differences.all();
  const check::KernelReport& first = report.kernels[0];
  std::vector<std::string> sentences{fmt::format("{} that both take ({} declined), seed {}, {:.1f} s",
                                                 counted(all.cases, "case"), grouped(first.declined),
                                                 first.seed, report.seconds)};
  if (first.stopped_early) sentences.push_back("stopped early: " + first.why_stopped);
  if (all.outputs == 0) return sentences;
  sentences.push_back(fmt::format("{}: {} with equal bits; {} of {} cases with equal bits throughout",
                                  counted(all.outputs, "output"), percent(all.equal, all.outputs),
                                  grouped(all.equal_cases), grouped(all.cases)));
  if (all.ratios.count() > 0) {
    sentences.push_back(
        fmt::format("differences in units of the sum of both bounds, E_A + E_B: largest {}, median {}, in {} "
                    "with both bounds; {} beyond 1",
                    short_text(all.ratios.max()), short_text(all.ratios.median()),
                    counted(all.ratios.count(), "output"), grouped(all.beyond)));
  }
  std::string apart = "differences in ULP of the output: largest " + ulps(all.largest_ulp);
  if (all.unlike > 0) apart += fmt::format("; {} where only one is finite", counted(all.unlike, "output"));
  sentences.push_back(apart);
  if (report.differences.farthest().ratio > 0) sentences.push_back(farthest_sentence(report));
  return sentences;
}

std::string other_sentence(const check::PairReport& report, std::size_t kernel, std::size_t finding) {
  const check::OtherAnswer& other = report.others[kernel][finding];
  const std::string& name = report.kernels[1 - kernel].info.name;
  const std::string gives = other.got ? fmt::format("{} gives {} there", name, exact_text(*other.got)) : name;
  switch (other.kind) {
    case check::OtherAnswer::Kind::right:
      return gives + (other.got ? ", which is right" : " is right there");
    case check::OtherAnswer::Kind::wrong:
      return gives + (other.got ? ", which is wrong too" : " is wrong there too") +
             (other.summary.empty() ? "" : ": " + other.summary);
    case check::OtherAnswer::Kind::declines:
      return name + " declines this case";
    case check::OtherAnswer::Kind::no_result:
      return other.got ? gives + ", which its contract does not bound"
                       : name + " gives no result that can be judged there";
  }
  return "";
}

Columns difference_table(const std::string& heading, const check::DifferenceBook::Named& named) {
  Columns table{{heading, "cases", "equal bits", "ULP", "of E_A+E_B"}, {}};
  for (const auto& [name, d] : named)
    table.rows.push_back({name, grouped(d.cases), percent(d.equal, d.outputs), ulp_text(d), sum_text(d)});
  return table;
}

Columns pair_matrix(const std::vector<std::string>& names, const std::vector<ComparedPair>& pairs) {
  Columns table{{""}, {}};
  for (std::size_t column = 0; column < names.size(); ++column)
    table.headings.push_back(std::to_string(column + 1));
  for (std::size_t row = 0; row < names.size(); ++row) {
    std::vector<std::string> cells{fmt::format("{} {}", row + 1, names[row])};
    for (std::size_t column = 0; column < names.size(); ++column) {
      const auto pair = std::find_if(pairs.begin(), pairs.end(), [&](const ComparedPair& p) {
        return (p.first == row && p.second == column) || (p.first == column && p.second == row);
      });
      cells.push_back(row == column         ? "."
                      : pair == pairs.end() ? ""
                                            : cell_of(pair->report, pair->first == row));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace attest::report
