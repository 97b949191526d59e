#include "prove/coq_table.hpp"

#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace attest::prove {

std::string coq_table(const std::string& theorems) {
  const std::string bar = " | ";
  std::string table = "| theorem | statement | of what |\n|---|---|---|\n";
  std::istringstream lines(theorems);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t code = line.find(bar);
    const std::size_t statement = code == std::string::npos ? code : line.find(bar, code + bar.size());
    if (statement == std::string::npos) throw std::invalid_argument("not a line of theorems.txt: " + line);
    std::string sentence = line.substr(statement + bar.size());
    for (std::size_t at = 0; (at = sentence.find('|', at)) != std::string::npos; at += 2)
      sentence.insert(at, "\\");
    table += fmt::format("| {} | {} | {} |\n", line.substr(0, code), sentence,
                         line.substr(code + bar.size(), statement - code - bar.size()));
  }
  return table;
}

std::string with_coq_table(const std::string& document, const std::string& theorems) {
  const std::string first = "<!-- The table of Coq's theorems is written by ./attest docs. -->\n\n";
  const std::string last = "\n<!-- End of the table of Coq's theorems. -->\n";
  const std::size_t from = document.find(first);
  const std::size_t to = from == std::string::npos ? from : document.find(last, from + first.size());
  if (to == std::string::npos) throw std::invalid_argument("the document does not mark where Coq's table is");
  return document.substr(0, from) + first + coq_table(theorems) + document.substr(to);
}

}  // namespace attest::prove
