#include "problem/kv_storage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "problem/kv_storage/kv_blocks.hpp"
#include "problem/kv_storage/storage_blocks.hpp"

namespace attest {
namespace {

constexpr std::array<std::pair<KvStorage, std::string_view>, 9> kNames{{{KvStorage::as_given, "as-given"},
                                                                        {KvStorage::f16, "f16"},
                                                                        {KvStorage::bf16, "bf16"},
                                                                        {KvStorage::q8_0, "q8_0"},
                                                                        {KvStorage::q4_0, "q4_0"},
                                                                        {KvStorage::q4_1, "q4_1"},
                                                                        {KvStorage::q5_0, "q5_0"},
                                                                        {KvStorage::q5_1, "q5_1"},
                                                                        {KvStorage::iq4_nl, "iq4_nl"}}};

void to_format(std::span<double> values, DType dtype) {
  const double most = format_of(dtype).max_finite();
  for (double& x : values) x = std::isinf(x) ? x : std::clamp(x, -most, most);
  make_representable(dtype, values.data(), std::ssize(values));
}

void store_part(std::span<double> part, KvStorage storage) {
  switch (storage) {
    case KvStorage::as_given:
      return;
    case KvStorage::f16:
      return to_format(part, DType::f16);
    case KvStorage::bf16:
      return to_format(part, DType::bf16);
    default:
      return store_block(part, storage);
  }
}

// What is stored comes back in the tensor's dtype.
bool holds(KvStorage storage, const Tensor& tensor) {
  if (storage == KvStorage::as_given) return true;
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const std::vector<double> given = tensor.values();
  std::array<double, kKvBlock> kept{};
  return for_each_kv_block(tensor, [&](std::size_t at, std::size_t size) {
    const std::span<const double> part = std::span(given).subspan(at, size);
    const std::span<double> copy = std::span(kept).first(size);
    std::copy(part.begin(), part.end(), copy.begin());
    store_part(copy, storage);
    make_representable(tensor.dtype(), copy.data(), std::ssize(copy));
    return std::equal(part.begin(), part.end(), copy.begin(), same);
  });
}

}  // namespace

std::string_view name_of(KvStorage storage) { return kNames.at(static_cast<std::size_t>(storage)).second; }

std::optional<KvStorage> kv_storage_from_name(std::string_view name) {
  for (const auto& [storage, known] : kNames) {
    if (known == name) return storage;
  }
  return std::nullopt;
}

Tensor stored(const Tensor& tensor, KvStorage storage) {
  if (storage == KvStorage::as_given || tensor.count() == 0) return tensor;
  std::vector<double> values = tensor.values();
  for_each_kv_block(tensor, [&](std::size_t at, std::size_t size) {
    store_part(std::span(values).subspan(at, size), storage);
    return true;
  });
  Tensor result = tensor;
  result.assign(values);
  return result;
}

std::span<const KvStorage> kv_storages() {
  static constexpr auto kAll = [] {
    std::array<KvStorage, kNames.size()> all{};
    for (std::size_t at = 0; at < all.size(); ++at) all.at(at) = kNames.at(at).first;
    return all;
  }();
  return kAll;
}

Problem stored(Problem problem, KvStorages storages) {
  problem.k = stored(problem.k, storages.k);
  problem.v = stored(problem.v, storages.v);
  return problem;
}

bool holds(KvStorages storages, const Problem& problem) {
  return holds(storages.k, problem.k) && holds(storages.v, problem.v);
}

}  // namespace attest
