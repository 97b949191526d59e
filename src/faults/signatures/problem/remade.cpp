#include "faults/signatures/problem/remade.hpp"

#include <utility>

namespace attest::faults {

Tensor remade(DType dtype, std::vector<std::int64_t> shape, const ElementOf& element) {
  Tensor t(dtype, std::move(shape));
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(t.count()));
  for (std::int64_t b = 0; b < t.dim(0); ++b) {
    for (std::int64_t g = 0; g < t.dim(1); ++g) {
      for (std::int64_t j = 0; j < t.dim(2); ++j) {
        for (std::int64_t c = 0; c < t.dim(3); ++c) values.push_back(element(b, g, j, c));
      }
    }
  }
  t.assign(values);
  return t;
}

Problem with_keys_and_values(const Problem& p, const ElementOf& key, const ElementOf& value) {
  Problem changed = p;
  changed.k = remade(DType::f64, p.k.shape(), key);
  changed.v = remade(DType::f64, p.v.shape(), value);
  return changed;
}

Problem with_keys(const Problem& p, const ElementOf& key) {
  Problem changed = p;
  changed.k = remade(DType::f64, p.k.shape(), key);
  return changed;
}

Problem with_values(const Problem& p, const ElementOf& value) {
  Problem changed = p;
  changed.v = remade(DType::f64, p.v.shape(), value);
  return changed;
}

}  // namespace attest::faults
