#include "kernel/adapters/request.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace attest::kernel::adapters {
namespace {

DType dtype_of(const DLTensor& tensor) {
  for (const DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i32, DType::u8}) {
    const DLDataType type = to_dlpack(dtype);
    if (tensor.dtype.code == type.code && tensor.dtype.bits == type.bits) return dtype;
  }
  return DType::f32;  // the ABI has no others
}

// Rank 1 tensors are views of their last axis.
View view_of(const DLTensor& tensor) {
  View view;
  view.data = static_cast<const std::byte*>(tensor.data) + tensor.byte_offset;
  view.dtype = dtype_of(tensor);
  view.shape = {1, 1, 1, 1};
  const auto rank = static_cast<std::size_t>(tensor.ndim);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::size_t to = 4 - rank + axis;
    view.shape[to] = tensor.shape[axis];
    view.strides[to] = tensor.shape[axis] == 1 ? 0 : tensor.strides[axis];
  }
  return view;
}

std::vector<double> vector_of(const DLTensor& tensor) {
  const View view = view_of(tensor);
  std::vector<double> values;
  for (std::int64_t i = 0; i < view.shape[3]; ++i) values.push_back(view.at(0, 0, 0, i));
  return values;
}

// Position of the last row of a batch: the furthest a window reaches.
std::int64_t last_position(const Request& r) {
  std::int64_t last = 0;
  for (std::int64_t b = 0; b < r.batch; ++b) last = std::max(last, r.position(b, r.q_len - 1));
  return last;
}

void read_optional(const attest_forward& p, Request& r) {
  if (p.bias != nullptr) r.bias = view_of(*p.bias);
  if (p.mask != nullptr) r.mask = view_of(*p.mask);
  if (p.sink != nullptr) r.sink = vector_of(*p.sink);
  if (p.alibi_slopes != nullptr) r.slopes = vector_of(*p.alibi_slopes);
  r.lens.assign(static_cast<std::size_t>(r.batch), r.kv_len);
  r.padded = p.kv_lens != nullptr;
  if (r.padded) {
    const std::vector<double> lens = vector_of(*p.kv_lens);
    std::transform(lens.begin(), lens.end(), r.lens.begin(),
                   [](double n) { return static_cast<std::int64_t>(n); });
  }
}

}  // namespace

void View::copy_row(std::int64_t a, std::int64_t b, std::int64_t c, std::byte* to) const {
  const std::size_t size = size_of(dtype);
  const std::byte* from = element(a, b, c, 0);
  if (shape[3] <= 1 || strides[3] == 1) {
    std::memcpy(to, from, static_cast<std::size_t>(shape[3]) * size);
    return;
  }
  const std::int64_t step = strides[3] * static_cast<std::int64_t>(size);
  for (std::int64_t d = 0; d < shape[3]; ++d, from += step, to += size) std::memcpy(to, from, size);
}

bool Request::uniform() const {
  return std::all_of(lens.begin(), lens.end(), [this](std::int64_t n) { return n == lens.front(); });
}

std::int64_t Request::position(std::int64_t b, std::int64_t i) const {
  return direction == Direction::top_left ? i : i + lens[static_cast<std::size_t>(b)] - q_len;
}

bool Request::in_window(std::int64_t b, std::int64_t i, std::int64_t j) const {
  const std::int64_t at = position(b, i);
  return (window_left < 0 || at - j <= window_left) && (window_right < 0 || j - at <= window_right);
}

bool Request::visible(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  return j < lens[static_cast<std::size_t>(b)] && before(b, i, j) && in_window(b, i, j) &&
         (!mask || mask->at(b, h, i, j) != 0) && (!bias || bias->at(b, h, i, j) > -HUGE_VAL);
}

// A window may be as long as the type allows, so that it is added to nothing before it is seen to matter.
Request::KeyRange Request::key_range(std::int64_t b, std::int64_t i) const {
  const std::int64_t at = position(b, i);
  KeyRange range{0, lens[static_cast<std::size_t>(b)]};
  if (causal()) range.end = std::min(range.end, at + 1);
  if (window_right >= 0 && window_right < range.end - at) range.end = at + window_right + 1;
  if (window_left >= 0 && window_left < at) range.begin = at - window_left;
  range.end = std::max<std::int64_t>(range.end, 0);
  range.begin = std::min(range.begin, range.end);
  return range;
}

// Positions stay: they are i + n - q_len both without causality and under bottom-right.
void simplify(Request& r) {
  if (r.direction == Direction::both && r.window_right == 0) r.direction = Direction::bottom_right;
  if (r.causal()) r.window_right = -1;
  if (r.direction == Direction::both && r.window_right >= r.q_len - 1) r.window_right = -1;
  if (r.window_left >= last_position(r)) r.window_left = -1;
}

bool has_empty_row(const Request& r) {
  const bool per_head = (r.bias && r.bias->shape[1] > 1) || (r.mask && r.mask->shape[1] > 1);
  for (std::int64_t b = 0; b < r.batch; ++b) {
    for (std::int64_t h = 0; h < (per_head ? r.q_heads : 1); ++h) {
      for (std::int64_t i = 0; i < r.q_len; ++i) {
        bool any = false;
        for (std::int64_t j = 0; j < r.kv_len && !any; ++j) any = r.visible(b, h, i, j);
        if (!any) return true;
      }
    }
  }
  return false;
}

Request read_request(const attest_forward& p) {
  Request r;
  r.q = view_of(*p.q);
  r.k = view_of(*p.k);
  r.v = view_of(*p.v);
  r.batch = p.q->shape[0];
  r.q_heads = p.q->shape[1];
  r.q_len = p.q->shape[2];
  r.qk_dim = p.q->shape[3];
  r.kv_heads = p.k->shape[1];
  r.kv_len = p.k->shape[2];
  r.v_dim = p.v->shape[3];
  r.scale = p.scale;
  r.softcap = p.softcap;
  r.direction = p.causal == ATTEST_CAUSAL_TOP_LEFT       ? Direction::top_left
                : p.causal == ATTEST_CAUSAL_BOTTOM_RIGHT ? Direction::bottom_right
                                                         : Direction::both;
  r.window_left = p.window_left;
  r.window_right = p.window_right;
  read_optional(p, r);
  return r;
}

}  // namespace attest::kernel::adapters
