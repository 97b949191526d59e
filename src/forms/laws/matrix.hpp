// The laws x forms x semantics matrix: every law on every form of the recurrence, in every kind of number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "laws/statements.hpp"

namespace attest::forms {

enum class CellStatus : std::uint8_t {
  held,            ///< in every case that the law says something about
  violated,        ///< in one case at least: attest's own form is wrong
  not_applicable,  ///< the form does not run in this semantics, the law says nothing about the two, or no
                   ///< case decides it
};

/// "held", "violated", "not applicable".
std::string_view name_of(CellStatus status);

struct Cell {
  std::string law, form, semantics;  ///< names, as in the lists below
  CellStatus status = CellStatus::held;
  /// Cases on which the law was decided. Where a case decides nothing (a float format cannot hold its
  /// numbers, a correct kernel may overflow, the certified bound allows nearly anything) it does not count.
  std::int64_t cases = 0;
  std::int64_t undecided = 0;  ///< cases that decide nothing
  /// Of a cell that is not applicable: why, one clause. Of a violated one: the smallest case, what was
  /// claimed and what came out, on one line. Else empty.
  std::string why;

  friend bool operator==(const Cell&, const Cell&) = default;
};

struct MatrixOptions {
  std::uint64_t seed = 0;
  std::int64_t cases = 30;  ///< tried in each cell
  int jobs = 1;             ///< threads; the result does not depend on it
  /// Called after each finished cell with the numbers of finished and of all cells, never by two threads at
  /// once.
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};
};

/// All cells: laws slowest, then forms, then semantics, in the order of the lists. A violated cell carries
/// its shrunken case.
std::vector<Cell> run_matrix(const MatrixOptions& options);

/// A name that the matrix contains, with what it means in one sentence without a final period.
struct MatrixName {
  std::string_view name, meaning;
};
std::vector<MatrixName> matrix_forms();
std::vector<MatrixName> matrix_semantics();

/// A law on forms.
struct MatrixLaw {
  laws::LawId id{};
  std::string_view name = laws::statement_of(id).name;
  std::string_view statement = laws::statement_of(id).sentence;
  std::vector<std::string_view> theorems{};  ///< of proofs/ that prove it, or parts of it; may be empty
  std::string_view catches{};                ///< a fault that violates it, shown by a test that plants it
};
std::vector<MatrixLaw> matrix_laws();

}  // namespace attest::forms
