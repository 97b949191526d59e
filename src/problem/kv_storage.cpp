#include "problem/kv_storage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace attest {
namespace {

constexpr std::size_t kBlock = 32;
constexpr std::array<std::pair<KvStorage, std::string_view>, 5> kNames{{{KvStorage::as_given, "as-given"},
                                                                        {KvStorage::f16, "f16"},
                                                                        {KvStorage::bf16, "bf16"},
                                                                        {KvStorage::q8_0, "q8_0"},
                                                                        {KvStorage::q4_0, "q4_0"}}};

double largest_magnitude(std::span<const double> block) {
  double largest = 0;
  for (const double x : block) {
    if (std::fabs(x) > std::fabs(largest)) largest = x;
  }
  return largest;
}

// Scales beyond f16 are its largest.
double scale_in_f16(double step) {
  constexpr double kLargest = 65504;
  return representable(DType::f16, std::clamp(step, -kLargest, kLargest));
}

void to_q8(std::span<double> block) {
  const double step = std::fabs(largest_magnitude(block)) / 127;
  const double scale = scale_in_f16(step);
  for (double& x : block) x = scale == 0 ? 0 : scale * std::round(x / step);
}

void to_q4(std::span<double> block) {
  const double step = largest_magnitude(block) / -8;
  const double scale = scale_in_f16(step);
  for (double& x : block) x = scale == 0 ? 0 : scale * (std::min(15.0, std::floor(x / step + 8.5)) - 8);
}

void store_block(std::span<double> block, KvStorage storage) {
  if (!std::all_of(block.begin(), block.end(), [](double x) { return std::isfinite(x); })) return;
  storage == KvStorage::q8_0 ? to_q8(block) : to_q4(block);
}

void to_format(std::span<double> values, DType dtype) {
  const double most = format_of(dtype).max_finite();
  for (double& x : values) x = std::isinf(x) ? x : std::clamp(x, -most, most);
  make_representable(dtype, values.data(), std::ssize(values));
}

// What is stored together: up to 32 channels of a row.
void store_part(std::span<double> part, KvStorage storage) {
  switch (storage) {
    case KvStorage::as_given:
      return;
    case KvStorage::f16:
      return to_format(part, DType::f16);
    case KvStorage::bf16:
      return to_format(part, DType::bf16);
    case KvStorage::q8_0:
    case KvStorage::q4_0:
      return store_block(part, storage);
  }
}

// Calls each(first element, elements) for what is stored together, until it returns false.
template <class Each>
bool for_each_block(const Tensor& tensor, const Each& each) {
  const auto channels = static_cast<std::size_t>(tensor.shape().back());
  const auto count = static_cast<std::size_t>(tensor.count());
  for (std::size_t at = 0; at < count;) {
    const std::size_t size = std::min(kBlock, channels - at % channels);
    if (!each(at, size)) return false;
    at += size;
  }
  return true;
}

// What is stored comes back in the tensor's dtype.
bool holds(KvStorage storage, const Tensor& tensor) {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const std::vector<double> given = tensor.values();
  std::array<double, kBlock> kept{};
  return for_each_block(tensor, [&](std::size_t at, std::size_t size) {
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
  for_each_block(tensor, [&](std::size_t at, std::size_t size) {
    store_part(std::span(values).subspan(at, size), storage);
    return true;
  });
  Tensor result = tensor;
  result.assign(values);
  return result;
}

Problem stored(Problem problem, KvStorage storage) {
  problem.k = stored(problem.k, storage);
  problem.v = stored(problem.v, storage);
  return problem;
}

bool holds(KvStorage storage, const Problem& problem) {
  if (storage == KvStorage::as_given) return true;
  return holds(storage, problem.k) && holds(storage, problem.v);
}

}  // namespace attest
