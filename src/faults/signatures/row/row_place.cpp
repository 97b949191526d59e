#include "faults/signatures/row/row_place.hpp"

#include <limits>
#include <utility>

namespace attest::faults {

FaultyRow attention_on(KeyRow made) {
  return FaultyRow{std::move(made.row), {}, {}, true, std::move(made.rounding)};
}

FaultyRow all_nan(const RowPlace& at) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  FaultyRow made{at.row().row, {}, {}};
  made.out.assign(static_cast<std::size_t>(at.p.v_dim()), kNaN);
  made.lse = kNaN;
  return made;
}

std::vector<double> value_of(const RowPlace& at, std::int64_t j) {
  std::vector<double> value;
  for (std::int64_t c = 0; c < at.p.v_dim(); ++c) {
    value.push_back(at.p.v.at({at.b, oracle::kv_head_of(at.p, at.h), j, c}));
  }
  return value;
}

}  // namespace attest::faults
