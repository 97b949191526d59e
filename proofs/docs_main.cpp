// attest_docs FILE THEOREMS: writes the tables of theorems into docs/trust.md; THEOREMS lists those in Coq.
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>

#include "prove/coq_table.hpp"
#include "prove/trust_table.hpp"
#include "theorems.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: attest_docs FILE THEOREMS\n";
    return 64;
  }
  std::ostringstream text, coq;
  text << std::ifstream(argv[1]).rdbuf();
  coq << std::ifstream(argv[2]).rdbuf();
  try {
    const std::string document = attest::prove::with_coq_table(
        attest::prove::with_trust_table(text.str(), attest::proofs::theorems()), coq.str());
    std::ofstream file(argv[1]);
    file << document;
    if (file.flush()) return 0;
    std::cerr << "attest_docs: cannot write " << argv[1] << '\n';
  } catch (const std::exception& error) {
    std::cerr << "attest_docs: " << argv[1] << ": " << error.what() << '\n';
  }
  return 1;
}
