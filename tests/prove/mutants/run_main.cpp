// Runs the theorems over every mutant of src/attention: attest_mutation_run MUTANTS.tsv RESULTS.tsv SECONDS
//
// Results are appended, and mutants that have one are left out, so a run may be cut into pieces of SECONDS
// each. The right program, mutant 0, must survive.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "mutants/examine.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

constexpr std::size_t kPoints = 8;

std::vector<Theorem> theorems() {
  return {proofs::channels_alike(),        proofs::long_loops(),
          proofs::tile_is_loop(),          proofs::every_schedule(),
          proofs::lazy_adds_sums(),        proofs::step_is_merge(),
          proofs::merge_commutes(),        proofs::merge_identity(),
          proofs::guarded_is_recurrence(), proofs::lse_merge(),
          proofs::decode_is_prefill(),     proofs::chunk_is_prefill(),
          proofs::batch_invariant(),       proofs::gradient(),
          proofs::one_pass_rows(),         proofs::layers_recompute(),
          proofs::evaluators_agree(),      proofs::flip_book_attention(),
          proofs::affine_chain(),          proofs::cell_linear_attention(),
          proofs::cell_retention(),        proofs::cell_wkv(),
          proofs::cell_selective_scan(),   proofs::gated_cells(),
          proofs::cell_equations()};
}

struct Mutant {
  int number;
  std::string key;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '\t');) result.push_back(cell);
  return result;
}

int run(const char* mutants, const char* results, double seconds) {
  std::set<std::string> done;
  {
    std::ifstream file(results);
    for (std::string line; std::getline(file, line);) done.insert(cells(line).back());
  }
  const auto start = std::chrono::steady_clock::now();
  const auto spent = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const std::vector<Examination> all = examinations(theorems(), kPoints, 1);
  std::cout << fmt::format("{} theorems prepared in {:.0f} s\n", all.size(), spent());
  const Finding right = examine(0, all);
  if (right.fate != Fate::survived)
    throw std::runtime_error(
        fmt::format("the right program is {} by {}", name_of(right.fate), right.theorem));
  std::ofstream out(results, std::ios::app);
  std::ifstream file(mutants);
  std::size_t left = 0;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> row = cells(line);
    if (done.count(row[3]) != 0) continue;
    if (spent() > seconds) {
      ++left;
      continue;
    }
    const Finding finding = examine(std::stoi(row[0]), all);
    out << fmt::format("{}\t{}\t{}\t{}\t{}\n", name_of(finding.fate), finding.theorem, finding.goal, row[1],
                       row[3])
        << std::flush;
  }
  std::cout << fmt::format("{:.0f} s, {} mutants left\n", spent(), left);
  return 0;
}

}  // namespace
}  // namespace attest::prove

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: attest_mutation_run MUTANTS.tsv RESULTS.tsv SECONDS\n";
    return 64;
  }
  return attest::prove::run(argv[1], argv[2], std::atof(argv[3]));
}
