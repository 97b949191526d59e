// A tiled online-softmax kernel for f32, f16 and bf16, right as `correct` and wrong in one place under every
// other name it exports. Shares nothing with examples/ or src/: a slip there must not be repeated here.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include <unistd.h>

#include "attest/kernel.h"

namespace {

enum class Fault {
  none,
  mask_one_key_too_far,
  rescale_missing,
  nan_on_empty_row,
  null_dereference,
  hangs,
  exits,
  writes_stdout,
};

constexpr std::int64_t kBlock = 4;  // keys a tile: small, so that a fault of a tile needs few keys
const float kNegInf = -std::numeric_limits<float>::infinity();

enum class Type { f32, f16, bf16, other };

Type type_of(const DLTensor* t) {
  if (t->dtype.code == kDLBfloat && t->dtype.bits == 16) return Type::bf16;
  if (t->dtype.code != kDLFloat) return Type::other;
  if (t->dtype.bits == 32) return Type::f32;
  return t->dtype.bits == 16 ? Type::f16 : Type::other;
}

float widen_f16(std::uint16_t h) {
  const int exponent = h >> 10 & 31;
  const auto fraction = static_cast<float>(h & 1023);
  const float sign = (h >> 15) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VALF : NAN;
  if (exponent == 0) return sign * fraction * 0x1p-24F;
  return sign * std::ldexp(1024.0F + fraction, exponent - 25);
}

float widen_bf16(std::uint16_t h) {
  const std::uint32_t wide = static_cast<std::uint32_t>(h) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

// To nearest even, by way of the quantum of the format at x; the default rounding mode does the rounding.
float round_to(Type type, float x) {
  if (type == Type::f32 || x == 0 || !std::isfinite(x)) return x;
  const int fraction_bits = type == Type::f16 ? 10 : 7;
  const int min_exponent = type == Type::f16 ? -14 : -126;
  const int exponent = std::ilogb(x) < min_exponent ? min_exponent : std::ilogb(x);
  // In double, because a bf16 subnormal's quantum is below what f32 quotients can hold.
  const double quantum = std::ldexp(1.0, exponent - fraction_bits);
  const double rounded = std::nearbyint(static_cast<double>(x) / quantum) * quantum;
  const double overflow = type == Type::f16 ? 65520.0 : 0x1.FFp127;
  if (std::fabs(rounded) >= overflow) return std::copysign(HUGE_VALF, x);
  return static_cast<float>(rounded);
}

std::uint16_t narrow_f16(float x) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(x) ? 0x8000 : 0);
  const float a = std::fabs(round_to(Type::f16, x));
  if (std::isnan(a)) return 0x7e00;
  if (std::isinf(a)) return static_cast<std::uint16_t>(sign | 0x7c00);
  if (a < 0x1p-14F) return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(a * 0x1p24F));
  const int exponent = std::ilogb(a);
  const auto fraction = static_cast<std::uint16_t>(std::ldexp(a, 10 - exponent) - 1024.0F);
  return static_cast<std::uint16_t>(sign | (exponent + 15) << 10 | fraction);
}

std::uint16_t narrow_bf16(float x) {
  const float rounded = round_to(Type::bf16, x);
  std::uint32_t wide;
  std::memcpy(&wide, &rounded, sizeof wide);
  return static_cast<std::uint16_t>(std::isnan(x) ? 0x7fc0 : wide >> 16);
}

std::int64_t offset_of(const DLTensor* t, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c) {
  const auto step = [t](int axis, std::int64_t index) {
    return t->shape[axis] == 1 ? 0 : index * t->strides[axis];
  };
  return step(0, b) + step(1, h) + step(2, i) + step(3, c);
}

float load(const DLTensor* t, std::int64_t offset) {
  switch (type_of(t)) {
    case Type::f16:
      return widen_f16(static_cast<const std::uint16_t*>(t->data)[offset]);
    case Type::bf16:
      return widen_bf16(static_cast<const std::uint16_t*>(t->data)[offset]);
    default:
      return static_cast<const float*>(t->data)[offset];
  }
}

void store(DLTensor* t, std::int64_t offset, float value) {
  switch (type_of(t)) {
    case Type::f16:
      static_cast<std::uint16_t*>(t->data)[offset] = narrow_f16(value);
      break;
    case Type::bf16:
      static_cast<std::uint16_t*>(t->data)[offset] = narrow_bf16(value);
      break;
    default:
      static_cast<float*>(t->data)[offset] = value;
  }
}

std::vector<float> load_row(const DLTensor* t, std::int64_t b, std::int64_t h, std::int64_t i) {
  std::vector<float> row(static_cast<std::size_t>(t->shape[3]));
  for (std::size_t c = 0; c < row.size(); ++c) {
    row[c] = load(t, offset_of(t, b, h, i, static_cast<std::int64_t>(c)));
  }
  return row;
}

struct State {
  float m = kNegInf;
  float l = 0;
  std::vector<float> acc;
};

struct Kernel {
  const attest_forward* p;
  Fault fault;

  std::int64_t keys(std::int64_t b) const {
    const DLTensor* lens = p->kv_lens;
    if (lens == nullptr) return p->k->shape[2];
    return static_cast<const std::int32_t*>(lens->data)[lens->shape[0] == 1 ? 0 : b * lens->strides[0]];
  }

  bool sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
    const std::int64_t n = keys(b);
    const std::int64_t pos = p->causal == ATTEST_CAUSAL_TOP_LEFT ? i : i + n - p->q->shape[2];
    const std::int64_t allowance = fault == Fault::mask_one_key_too_far ? 1 : 0;
    if (j >= n) return false;
    if (p->causal != ATTEST_CAUSAL_NONE && j > pos + allowance) return false;
    if (p->window_left >= 0 && pos - j > p->window_left) return false;
    if (p->window_right >= 0 && j - pos > p->window_right) return false;
    return p->mask == nullptr ||
           static_cast<const std::uint8_t*>(p->mask->data)[offset_of(p->mask, b, h, i, j)] != 0;
  }

  void tile(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t begin, const std::vector<float>& q,
            State& state) const {
    const std::int64_t head = h / (p->q->shape[1] / p->k->shape[1]);
    const std::int64_t end = std::min(begin + kBlock, keys(b));
    float s[kBlock];
    float m = state.m;
    for (std::int64_t j = begin; j < end; ++j) {
      s[j - begin] = kNegInf;
      if (!sees(b, h, i, j)) continue;
      const std::vector<float> k = load_row(p->k, b, head, j);
      float dot = 0;
      for (std::size_t c = 0; c < q.size(); ++c) dot += q[c] * k[c];
      s[j - begin] = dot * static_cast<float>(p->scale);
      m = std::max(m, s[j - begin]);
    }
    if (m == kNegInf) return;
    const float factor = fault == Fault::rescale_missing && state.m != kNegInf ? 1.0F : std::exp(state.m - m);
    state.m = m;
    state.l *= factor;
    for (float& x : state.acc) x *= factor;
    for (std::int64_t j = begin; j < end; ++j) {
      if (s[j - begin] == kNegInf) continue;
      const float weight = std::exp(s[j - begin] - m);
      state.l += weight;
      const float rounded = round_to(type_of(p->v), weight);
      const std::vector<float> v = load_row(p->v, b, head, j);
      for (std::size_t c = 0; c < v.size(); ++c) state.acc[c] += rounded * v[c];
    }
  }

  void row(std::int64_t b, std::int64_t h, std::int64_t i) const {
    State state;
    state.acc.assign(static_cast<std::size_t>(p->v->shape[3]), 0.0F);
    const std::vector<float> q = load_row(p->q, b, h, i);
    for (std::int64_t begin = 0; begin < keys(b); begin += kBlock) tile(b, h, i, begin, q, state);
    const bool guarded = state.l == 0 && fault != Fault::nan_on_empty_row;
    for (std::size_t c = 0; c < state.acc.size(); ++c) {
      const float value = guarded ? 0.0F : state.acc[c] / state.l;
      store(p->out, offset_of(p->out, b, h, i, static_cast<std::int64_t>(c)), value);
    }
    if (p->lse == nullptr) return;
    const std::int64_t* stride = p->lse->strides;
    store(p->lse, b * stride[0] + h * stride[1] + i * stride[2],
          state.l == 0 ? kNegInf : state.m + std::log(state.l));
  }

  void run() const {
    for (std::int64_t b = 0; b < p->q->shape[0]; ++b) {
      for (std::int64_t h = 0; h < p->q->shape[1]; ++h) {
        for (std::int64_t i = 0; i < p->q->shape[2]; ++i) row(b, h, i);
      }
    }
  }
};

// Sanitizers would turn the null dereference into an exit.
__attribute__((no_sanitize("undefined"))) void misbehave(Fault fault) {
  volatile int* nowhere = nullptr;
  volatile bool for_ever = true;
  switch (fault) {
    case Fault::null_dereference:
      *nowhere = 1;  // NOLINT(clang-analyzer-core.NullDereference): the fault itself
      break;
    case Fault::hangs:
      while (for_ever) {
      }
      break;
    case Fault::exits:
      std::exit(3);
    case Fault::writes_stdout: {
      std::puts("attending");
      const char raw[] = "\0\1\2 not a reply\n";
      if (::write(STDOUT_FILENO, raw, sizeof raw) < 0) std::abort();
      break;
    }
    default:
      break;
  }
}

int forward(const attest_forward* p, Fault fault) {
  const Type type = type_of(p->q);
  if (p->abi != ATTEST_KERNEL_ABI || type == Type::other || type != type_of(p->v)) return ATTEST_UNSUPPORTED;
#ifdef ATTEST_TEST_ONLY_DTYPE
  if (type != Type::ATTEST_TEST_ONLY_DTYPE) return ATTEST_UNSUPPORTED;
#endif
  if (p->softcap != 0 || p->bias != nullptr || p->alibi_slopes != nullptr || p->sink != nullptr) {
    return ATTEST_UNSUPPORTED;
  }
  misbehave(fault);
  Kernel{p, fault}.run();
  return ATTEST_OK;
}

}  // namespace

#define ATTEST_TEST_KERNEL(name)                                                               \
  extern "C" int name(const attest_forward* problem) { return forward(problem, Fault::name); } \
  extern "C" const char* name##_contract() { return "f32|flash-bf16|flash-f16"; }

extern "C" int correct(const attest_forward* problem) { return forward(problem, Fault::none); }
extern "C" const char* correct_contract() { return "f32|flash-bf16|flash-f16"; }
ATTEST_TEST_KERNEL(mask_one_key_too_far)
ATTEST_TEST_KERNEL(rescale_missing)
ATTEST_TEST_KERNEL(nan_on_empty_row)
ATTEST_TEST_KERNEL(null_dereference)
ATTEST_TEST_KERNEL(hangs)
ATTEST_TEST_KERNEL(exits)
ATTEST_TEST_KERNEL(writes_stdout)
