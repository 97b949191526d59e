#include "forms/cases/form_statement.hpp"

#include <cassert>

namespace attest::forms {

RowCase earlier_row(RowCase row, std::size_t back) {
  for (; back > 0; --back) {
    while (!row.keys.back().visible) row.keys.pop_back();
    row.keys.pop_back();
    assert(!row.keys.empty());
  }
  return row;
}

}  // namespace attest::forms
