// attest_docs FILE: writes the table of theorems into docs/trust.md.
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>

#include "prove/trust_table.hpp"
#include "theorems.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: attest_docs FILE\n";
    return 64;
  }
  std::ostringstream text;
  text << std::ifstream(argv[1]).rdbuf();
  try {
    const std::string document = attest::prove::with_trust_table(text.str(), attest::proofs::theorems());
    std::ofstream file(argv[1]);
    file << document;
    if (file.flush()) return 0;
    std::cerr << "attest_docs: cannot write " << argv[1] << '\n';
  } catch (const std::exception& error) {
    std::cerr << "attest_docs: " << argv[1] << ": " << error.what() << '\n';
  }
  return 1;
}
