// A right kernel that misreads how one of its tensors lies in memory, one way under each name. On packed
// tensors that lie apart all of them are right.
#include <array>
#include <cstring>

#include "tiled.cpp"

namespace {

using Strides = std::array<std::int64_t, 4>;

Strides packed_strides(const DLTensor* t) {
  Strides strides{};
  std::int64_t step = 1;
  for (int axis = t->ndim; axis-- > 0;) {
    strides[static_cast<std::size_t>(axis)] = step;
    step *= t->shape[axis];
  }
  return strides;
}

// The problem with one tensor's strides taken as packed.
template <class T>
int with_packed(const attest_forward* problem, T attest_forward::*member) {
  attest_forward p = *problem;
  if (p.*member == nullptr) return forward(&p, Fault::none);
  DLTensor tensor = *(p.*member);
  Strides strides = packed_strides(&tensor);
  tensor.strides = strides.data();
  p.*member = &tensor;
  return forward(&p, Fault::none);
}

// A copy of a tensor, moved element by element with an offset that is computed too narrowly.
class NarrowCopy {
 public:
  explicit NarrowCopy(const DLTensor* t) : tensor_(*t), strides_(packed_strides(t)) {
    std::size_t count = 1;
    for (int axis = 0; axis < t->ndim; ++axis) count *= static_cast<std::size_t>(t->shape[axis]);
    bytes_.resize(count * (t->dtype.bits / 8U));
    tensor_.strides = strides_.data();
    tensor_.data = bytes_.data();
  }

  DLTensor* tensor() { return &tensor_; }

  void read_from(const DLTensor* t) {
    for_each(t, [](char* copy, char* given, std::size_t size) { std::memcpy(copy, given, size); });
  }
  void write_to(const DLTensor* t) {
    for_each(t, [](char* copy, char* given, std::size_t size) { std::memcpy(given, copy, size); });
  }

 private:
  template <class Move>
  void for_each(const DLTensor* t, Move move) {
    const std::size_t size = t->dtype.bits / 8U;
    char* copy = bytes_.data();
    for (std::int64_t b = 0; b < t->shape[0]; ++b) {
      for (std::int64_t h = 0; h < t->shape[1]; ++h) {
        for (std::int64_t i = 0; i < t->shape[2]; ++i) {
          for (std::int64_t c = 0; c < t->shape[3]; ++c, copy += size) {
            const auto narrow = static_cast<std::uint32_t>(offset_of(t, b, h, i, c));
            move(copy, static_cast<char*>(t->data) + narrow * size, size);
          }
        }
      }
    }
  }

  DLTensor tensor_;
  Strides strides_;
  std::vector<char> bytes_;
};

int with_narrow(const attest_forward* problem, const DLTensor* attest_forward::*member) {
  attest_forward p = *problem;
  if (p.*member == nullptr) return forward(&p, Fault::none);
  NarrowCopy copy(p.*member);
  copy.read_from(p.*member);
  p.*member = copy.tensor();
  return forward(&p, Fault::none);
}

}  // namespace

extern "C" {

int keys_packed(const attest_forward* p) { return with_packed(p, &attest_forward::k); }
int mask_packed(const attest_forward* p) { return with_packed(p, &attest_forward::mask); }
int kv_lens_packed(const attest_forward* p) { return with_packed(p, &attest_forward::kv_lens); }
int out_packed(const attest_forward* p) { return with_packed(p, &attest_forward::out); }
int lse_packed(const attest_forward* p) { return with_packed(p, &attest_forward::lse); }

int keys_by_32_bits(const attest_forward* p) { return with_narrow(p, &attest_forward::k); }
int mask_by_32_bits(const attest_forward* p) { return with_narrow(p, &attest_forward::mask); }
int out_by_32_bits(const attest_forward* problem) {
  attest_forward p = *problem;
  NarrowCopy copy(p.out);
  p.out = copy.tensor();
  const int status = forward(&p, Fault::none);
  if (status == ATTEST_OK) copy.write_to(problem->out);
  return status;
}

// Adds up rows of k to the begin of the next one, as if they were padded with zeros.
int reads_gaps(const attest_forward* p) {
  const int status = forward(p, Fault::none);
  if (status != ATTEST_OK || p->out->data == nullptr || p->k->shape[2] < 2) return status;
  if (p->k->strides[3] != 1 || p->k->strides[2] > p->k->shape[3] + 8) return status;
  float past_the_row = 0;
  for (std::int64_t c = p->k->shape[3]; c < p->k->strides[2]; ++c) past_the_row += load(p->k, c);
  store(p->out, 0, load(p->out, 0) + past_the_row);
  return status;
}

// Writes rows of out as vectors of four, the last one past the row.
int writes_gaps(const attest_forward* p) {
  const int status = forward(p, Fault::none);
  const std::int64_t d = p->v->shape[3];
  if (status != ATTEST_OK || p->out->strides[2] < d + 1 || p->q->shape[2] < 2) return status;
  store(p->out, offset_of(p->out, 0, 0, 0, 0) + d, 0);
  return status;
}

// Keeps tensors that it has converted by their addresses, so that it meets the scaled keys as values.
int converts_by_address(const attest_forward* problem) {
  attest_forward p = *problem;
  if (p.v->data != p.k->data) return forward(&p, Fault::none);
  NarrowCopy scaled(p.v);
  scaled.read_from(p.v);
  DLTensor* v = scaled.tensor();
  for (std::int64_t b = 0; b < v->shape[0]; ++b) {
    for (std::int64_t h = 0; h < v->shape[1]; ++h) {
      for (std::int64_t j = 0; j < v->shape[2]; ++j) {
        for (std::int64_t c = 0; c < v->shape[3]; ++c) {
          const std::int64_t at = offset_of(v, b, h, j, c);
          store(v, at, load(v, at) * static_cast<float>(p.scale));
        }
      }
    }
  }
  p.v = v;
  return forward(&p, Fault::none);
}

const char* attest_kernel_contract() { return "f32|flash-bf16|flash-f16"; }

}  // extern "C"
