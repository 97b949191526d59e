#include "prove/coq_table.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "prove/coq.hpp"

namespace attest::prove {

std::string coq_table(const std::string& theorems) {
  std::string table = "| theorem | statement | of what |\n|---|---|---|\n";
  for (const CoqTheorem& theorem : listed_coq_theorems(theorems)) {
    std::string sentence = theorem.sentence;
    for (std::size_t at = 0; (at = sentence.find('|', at)) != std::string::npos; at += 2)
      sentence.insert(at, "\\");
    table += fmt::format("| {} | {} | {} |\n", theorem.name, sentence, theorem.code);
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
