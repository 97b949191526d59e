#include "prove/coq.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "prove/process.hpp"

namespace attest::prove {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// The verdict in the line that names the theorem; empty without one.
std::string verdict_on(const std::string& name, const std::string& answer) {
  std::istringstream lines(answer);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(" " + name + " ");
    if (at != std::string::npos) return trimmed(line.substr(0, at));
  }
  return "";
}

}  // namespace

std::vector<CoqTheorem> listed_coq_theorems(const std::string& theorems) {
  std::vector<CoqTheorem> listed;
  const std::string bar = " | ";
  std::istringstream lines(theorems);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t code = line.find(bar);
    const std::size_t sentence = code == std::string::npos ? code : line.find(bar, code + bar.size());
    if (sentence == std::string::npos) throw std::invalid_argument("not a line of theorems.txt: " + line);
    listed.push_back({.name = line.substr(0, code),
                      .code = line.substr(code + bar.size(), sentence - code - bar.size()),
                      .sentence = line.substr(sentence + bar.size()),
                      .verdict = "not proved"});
  }
  return listed;
}

CoqReport read_coq_answer(const std::string& answer, const std::string& theorems) {
  CoqReport report;
  std::istringstream said(answer);
  for (std::string line; std::getline(said, line);) {
    if (line.compare(0, 5, "coq: ") == 0) report.summary = line.substr(5);
  }
  if (report.summary.compare(0, 13, "not available") == 0) return {report.summary, "", {}};
  report.theorems = listed_coq_theorems(theorems);
  for (CoqTheorem& theorem : report.theorems) {
    const std::string verdict = verdict_on(theorem.name, answer);
    theorem.proved = verdict == "proved";
    if (!verdict.empty()) theorem.verdict = verdict;
  }
  return report;
}

CoqReport ask_coq() {
  const std::filesystem::path folder = ATTEST_COQ_DIR;
  std::ifstream listed(folder / "theorems.txt");
  if (!listed) return {fmt::format("not available: {} is not there", folder.string()), "", {}};
  std::ostringstream theorems;
  theorems << listed.rdbuf();
  const ProcessOutput answer =
      run_process(fmt::format("'{}' '{}' 2>/dev/null", (folder / "prove.sh").string(), ATTEST_COQ_BUILD_DIR));
  return read_coq_answer(answer.text, theorems.str());
}

}  // namespace attest::prove
