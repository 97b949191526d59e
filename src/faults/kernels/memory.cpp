#include "faults/kernels/memory.hpp"

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {

Scalars scalars_of(const attest_forward& p) {
  Scalars scalars{p.scale, p.window_left, p.window_right, {}};
  if (p.kv_lens == nullptr) return scalars;
  for (std::int64_t b = 0; b < p.kv_lens->shape[0]; ++b) {
    scalars.kv_lens.push_back(static_cast<const std::int32_t*>(p.kv_lens->data)[step(*p.kv_lens, 0, b)]);
  }
  return scalars;
}

Scalars Memory::first_like(const attest_forward& p) {
  std::vector<std::int64_t> key{p.kv_lens != nullptr ? 1 : 0};
  for (const DLTensor* t : {p.q, p.k, p.v}) {
    key.push_back(static_cast<std::int64_t>(type_of(*t)));
    key.insert(key.end(), t->shape, t->shape + t->ndim);
  }
  const std::lock_guard lock(mutex_);
  return first_.try_emplace(key, scalars_of(p)).first->second;
}

void Memory::forget() {
  const std::lock_guard lock(mutex_);
  first_.clear();
}

}  // namespace attest::faults::faulty
