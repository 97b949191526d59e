#include "problem/key_value.hpp"

namespace attest {

void load_row(const Tensor& tensor, std::int64_t b, std::int64_t head, std::int64_t row, double* to) {
  const auto& strides = tensor.strides();
  const std::int64_t base = b * strides[0] + head * strides[1] + row * strides[2];
  const auto size = static_cast<std::int64_t>(size_of(tensor.dtype()));
  decode_run(tensor.dtype(), tensor.data() + base * size, tensor.rank() == 4 ? strides[3] : 1,
             row_size(tensor), to);
}

}  // namespace attest
