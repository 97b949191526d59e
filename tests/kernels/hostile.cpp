// A right kernel in a library that misbehaves in one way, chosen when it is built.
#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

#include "tiled.cpp"

namespace {

enum class Misdeed : std::uint8_t { crashes, hangs, overruns, mutates, remembers, uninitialised };

char* bytes_of(const DLTensor* t) { return static_cast<char*>(t->data); }

// Up to its last element, whatever its strides.
std::size_t size_of(const DLTensor* t) {
  std::int64_t last = 0;
  for (int axis = 0; axis < t->ndim; ++axis) {
    if (t->shape[axis] == 0) return 0;
    last += (t->shape[axis] - 1) * t->strides[axis];
  }
  return static_cast<std::size_t>(last + 1) * (t->dtype.bits / 8U);
}

bool has_pairs(const attest_forward* p) { return p->out->data != nullptr && p->v->data != nullptr; }

// Of the shape that the crash and the hang need.
bool odd_head(const attest_forward* p) {
  return has_pairs(p) && p->q->shape[3] % 2 == 1 && p->k->shape[2] > 2;
}

// Results by the addresses and lengths of the inputs, as if contents never changed there.
int from_memory(const attest_forward* p) {
  static std::map<std::array<std::int64_t, 7>, std::vector<char>> results;
  const auto address = [](const DLTensor* t) { return reinterpret_cast<std::int64_t>(t->data); };
  const std::array<std::int64_t, 7> key{address(p->q),  address(p->k),  address(p->v), p->q->shape[1],
                                        p->q->shape[2], p->k->shape[2], p->v->shape[3]};
  auto [entry, added] = results.try_emplace(key);
  const std::size_t size = size_of(p->out);
  if (added || entry->second.size() != size) {
    const int status = forward(p, Fault::none);
    if (status != ATTEST_OK) results.erase(key);
    if (status == ATTEST_OK) entry->second.assign(bytes_of(p->out), bytes_of(p->out) + size);
    return status;
  }
  std::memcpy(bytes_of(p->out), entry->second.data(), size);
  return ATTEST_OK;
}

// A workspace whose last entry is used before it is set, by the last row when there are several.
int with_dirty_workspace(const attest_forward* p) {
  const int status = forward(p, Fault::none);
  if (status != ATTEST_OK || !has_pairs(p) || p->q->shape[2] < 2) return status;
  char* workspace = static_cast<char*>(std::malloc(4096));
  asm volatile("" : "+r"(workspace) : : "memory");  // the compiler would refuse, or choose what to read
  bytes_of(p->out)[size_of(p->out) - 1] ^= workspace[77];
  std::free(workspace);
  return ATTEST_OK;
}

int misbehaving(const attest_forward* p, Misdeed misdeed) {
  // What they do with all of out's span would take long where its elements are far apart.
  if (size_of(p->out) > std::size_t{1} << 24) return ATTEST_UNSUPPORTED;
  // Without lse, so that what the kernels remember is out alone.
  if (p->lse != nullptr) return ATTEST_UNSUPPORTED;
  switch (misdeed) {
    case Misdeed::crashes:
      if (odd_head(p)) std::abort();
      break;
    case Misdeed::hangs:
      if (odd_head(p)) misbehave(Fault::hangs);
      break;
    case Misdeed::remembers:
      return from_memory(p);
    case Misdeed::uninitialised:
      return with_dirty_workspace(p);
    default:
      break;
  }
  const int status = forward(p, Fault::none);
  if (status != ATTEST_OK || !has_pairs(p)) return status;
  if (misdeed == Misdeed::overruns && p->q->shape[2] > 1) bytes_of(p->out)[size_of(p->out)] = 0;
  if (misdeed == Misdeed::mutates) bytes_of(p->v)[0] ^= 1;
  return ATTEST_OK;
}

}  // namespace

extern "C" int attest_kernel_forward(const attest_forward* problem) {
  return misbehaving(problem, Misdeed::ATTEST_MISDEED);
}
extern "C" const char* attest_kernel_contract() { return "f32|flash-bf16|flash-f16"; }
