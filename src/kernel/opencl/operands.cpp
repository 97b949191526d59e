#include "kernel/opencl/operands.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace attest::kernel::opencl {
namespace {

using adapters::Direction;
using adapters::Request;
using adapters::View;

bool float_number(double x) {
  const auto f = static_cast<float>(x);
  return std::isfinite(f) && (f == 0 ? x == 0 : std::isnormal(f));
}

const DLTensor* tensor_of(Buffer buffer, const attest_forward& p) {
  switch (buffer) {
    case Buffer::q:
      return p.q;
    case Buffer::k:
      return p.k;
    case Buffer::v:
      return p.v;
    case Buffer::out:
      return p.out;
    case Buffer::lse:
      return p.lse;
    case Buffer::bias:
      return p.bias;
    case Buffer::mask:
      return p.mask;
    case Buffer::alibi_slopes:
      return p.alibi_slopes;
    case Buffer::sink:
      return p.sink;
    case Buffer::kv_lens:
      return p.kv_lens;
    case Buffer::count:
      break;
  }
  return nullptr;
}

// The extents that the kernel sees, the last one first counted: rank 1 to 4.
std::array<std::int64_t, 4> shape_of(Buffer buffer, const DLTensor& tensor, const Request& r) {
  if (buffer == Buffer::bias || buffer == Buffer::mask) return {r.batch, r.q_heads, r.q_len, r.kv_len};
  std::array<std::int64_t, 4> shape{1, 1, 1, 1};
  const auto rank = static_cast<std::size_t>(tensor.ndim);
  for (std::size_t axis = 0; axis < rank; ++axis) shape[4 - rank + axis] = tensor.shape[axis];
  return shape;
}

// Calls each(bytes of an element, in row-major order).
template <class Each>
void for_each_element(const DLTensor& tensor, const std::array<std::int64_t, 4>& shape, const Each& each) {
  const auto rank = static_cast<std::size_t>(tensor.ndim);
  std::array<std::int64_t, 4> strides{};
  for (std::size_t axis = 0; axis < rank; ++axis)
    strides[4 - rank + axis] = tensor.shape[axis] == 1 ? 0 : tensor.strides[axis];
  const std::int64_t size = tensor.dtype.bits / 8;
  std::byte* const base = static_cast<std::byte*>(tensor.data) + tensor.byte_offset;
  for (std::int64_t a = 0; a < shape[0]; ++a) {
    for (std::int64_t b = 0; b < shape[1]; ++b) {
      for (std::int64_t c = 0; c < shape[2]; ++c) {
        std::byte* row = base + (a * strides[0] + b * strides[1] + c * strides[2]) * size;
        for (std::int64_t d = 0; d < shape[3]; ++d, row += strides[3] * size) each(row);
      }
    }
  }
}

std::int64_t cut(std::int64_t window, std::int64_t furthest) { return std::min(window, furthest); }

bool takes_types(const KernelDescription& kernel, const Request& r) {
  return r.q.dtype == r.k.dtype &&
         std::find(kernel.types.begin(), kernel.types.end(), r.q.dtype) != kernel.types.end();
}

bool knows_all(const KernelDescription& kernel, const attest_forward& problem, const Request& r) {
  for (const Buffer optional :
       {Buffer::lse, Buffer::bias, Buffer::mask, Buffer::alibi_slopes, Buffer::sink, Buffer::kv_lens}) {
    if (tensor_of(optional, problem) != nullptr && !kernel.takes(optional)) return false;
  }
  return (r.softcap == 0 || kernel.takes(Argument::Kind::softcap)) &&
         (!r.causal() || kernel.knows(Variable::causal)) &&
         (r.window_left < 0 || kernel.knows(Variable::window_left)) &&
         (r.window_right < 0 || kernel.knows(Variable::window_right));
}

template <class Value>
ScalarBytes bytes_of(Value value) {
  ScalarBytes scalar;
  scalar.size = sizeof value;
  std::memcpy(scalar.bytes.data(), &value, sizeof value);
  return scalar;
}

template <class Value>
std::optional<ScalarBytes> narrowed(std::int64_t value) {
  if constexpr (std::is_unsigned_v<Value>) {
    if (value < 0 || static_cast<std::uint64_t>(value) > std::numeric_limits<Value>::max())
      return std::nullopt;
  } else {
    if (value < std::numeric_limits<Value>::min() || value > std::numeric_limits<Value>::max())
      return std::nullopt;
  }
  return bytes_of(static_cast<Value>(value));
}

}  // namespace

Variables variables_of(const Request& r) {
  const std::int64_t furthest = r.q_len + r.kv_len;
  const std::int64_t causal = r.direction == Direction::both       ? ATTEST_CAUSAL_NONE
                              : r.direction == Direction::top_left ? ATTEST_CAUSAL_TOP_LEFT
                                                                   : ATTEST_CAUSAL_BOTTOM_RIGHT;
  return {r.batch,
          r.q_heads,
          r.kv_heads,
          r.q_len,
          r.kv_len,
          r.qk_dim,
          r.v_dim,
          causal,
          cut(r.window_left, furthest),
          cut(r.window_right, furthest)};
}

bool takes(const KernelDescription& kernel, const attest_forward& problem, const Request& request,
           const Variables& variables) {
  if (!takes_types(kernel, request) || !knows_all(kernel, problem, request)) return false;
  if (request.batch * request.q_heads * request.q_len * request.v_dim == 0) return false;
  if (!float_number(request.scale) || !float_number(request.softcap)) return false;
  return std::all_of(kernel.conditions.begin(), kernel.conditions.end(), [&](const Expression& condition) {
    return condition.value(variables).value_or(0) != 0;
  });
}

std::optional<std::vector<std::size_t>> extents(const std::vector<Expression>& expressions,
                                                const Variables& variables) {
  std::vector<std::size_t> values;
  for (const Expression& expression : expressions) {
    const std::optional<std::int64_t> value = expression.value(variables);
    if (!value || *value < 0) return std::nullopt;
    values.push_back(static_cast<std::size_t>(*value));
  }
  return values;
}

std::uint64_t packed_bytes(Buffer buffer, const attest_forward& problem, const Request& request) {
  const DLTensor* tensor = tensor_of(buffer, problem);
  if (tensor == nullptr) return 0;
  double bytes = tensor->dtype.bits / 8.0;  // in double, as a product of extents may overflow
  for (const std::int64_t extent : shape_of(buffer, *tensor, request)) bytes *= static_cast<double>(extent);
  return static_cast<std::uint64_t>(std::min(bytes, 0x1p62));
}

std::optional<std::vector<std::byte>> packed(Buffer buffer, const attest_forward& problem,
                                             const Request& request) {
  const DLTensor* tensor = tensor_of(buffer, problem);
  if (tensor == nullptr) return std::nullopt;
  std::vector<std::byte> bytes(packed_bytes(buffer, problem, request));
  const std::size_t size = tensor->dtype.bits / 8U;
  std::byte* to = bytes.data();
  for_each_element(*tensor, shape_of(buffer, *tensor, request), [&](const std::byte* element) {
    std::memcpy(to, element, size);
    to += size;
  });
  return bytes;
}

void unpack(const std::byte* from, const DLTensor& to) {
  const std::size_t size = to.dtype.bits / 8U;
  for_each_element(to, shape_of(Buffer::out, to, {}), [&](std::byte* element) {
    std::memcpy(element, from, size);
    from += size;
  });
}

std::optional<ScalarBytes> scalar_of(const Argument& argument, const attest_forward& problem,
                                     const Variables& variables) {
  if (argument.kind != Argument::Kind::integer) {
    const double value = argument.kind == Argument::Kind::scale ? problem.scale : problem.softcap;
    return argument.type == ScalarType::f64 ? bytes_of(value) : bytes_of(static_cast<float>(value));
  }
  const std::optional<std::int64_t> value = argument.value.value(variables);
  if (!value) return std::nullopt;
  switch (argument.type) {
    case ScalarType::i32:
      return narrowed<std::int32_t>(*value);
    case ScalarType::u32:
      return narrowed<std::uint32_t>(*value);
    case ScalarType::u64:
      return narrowed<std::uint64_t>(*value);
    default:
      return narrowed<std::int64_t>(*value);
  }
}

}  // namespace attest::kernel::opencl
