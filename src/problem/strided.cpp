#include "problem/strided.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace attest {
namespace {

constexpr std::int64_t kEnumerated = std::int64_t{1} << 20;

std::int64_t elements_of(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent == 0) return 0;
    if (count > kMostElements / extent) return kMostElements;
    count *= extent;
  }
  return count;
}

// Calls visit(first index in row-major order) for each run along the last axis.
template <class Visit>
void for_each_row_of(const std::vector<std::int64_t>& shape, Visit visit) {
  if (elements_of(shape) == 0) return;
  std::vector<std::int64_t> index(shape.size(), 0);
  while (true) {
    visit(index);
    std::size_t axis = shape.size() < 2 ? 0 : shape.size() - 1;
    while (axis > 0 && ++index[axis - 1] == shape[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

std::int64_t offset_of(const std::vector<std::int64_t>& index, const std::vector<std::int64_t>& strides) {
  std::int64_t element = 0;
  for (std::size_t axis = 0; axis + 1 < index.size(); ++axis) element += index[axis] * strides[axis];
  return element;
}

bool two_are_equal(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  std::vector<std::int64_t> offsets;
  offsets.reserve(static_cast<std::size_t>(elements_of(shape)));
  for_each_row_of(shape, [&](const std::vector<std::int64_t>& index) {
    const std::int64_t row = offset_of(index, strides);
    for (std::int64_t i = 0; i < shape.back(); ++i) offsets.push_back(row + i * strides.back());
  });
  std::sort(offsets.begin(), offsets.end());
  return std::adjacent_find(offsets.begin(), offsets.end()) != offsets.end();
}

}  // namespace

std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = step;
    if (__builtin_mul_overflow(step, shape[axis], &step)) step = kMostElements;  // an empty tensor's
  }
  return strides;
}

std::int64_t storage_elements(const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& strides) {
  std::int64_t last = 0;
  bool too_many = false;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == 0) return 0;
    std::int64_t reach = 0;
    too_many = too_many || __builtin_mul_overflow(shape[axis] - 1, std::abs(strides[axis]), &reach) ||
               __builtin_add_overflow(last, reach, &last);
  }
  return too_many || last >= kMostElements ? kMostElements : last + 1;
}

// They cannot overlap when each axis steps over all that the axes inside it can reach.
bool overlapping(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  if (elements_of(shape) == 0) return false;
  std::vector<std::pair<std::int64_t, std::int64_t>> axes;  // stride, extent
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] > 1) axes.emplace_back(strides[axis], shape[axis]);
  }
  std::sort(axes.begin(), axes.end());
  std::int64_t reach = 0;
  bool nested = true;
  for (const auto& [stride, extent] : axes) {
    nested = nested && stride > reach;
    if (stride == 0 || extent - 1 > (kMostElements - reach) / stride) return true;
    reach += stride * (extent - 1);
  }
  return !nested && (elements_of(shape) > kEnumerated || two_are_equal(shape, strides));
}

void copy_elements(const std::vector<std::int64_t>& shape, std::size_t size, const std::byte* from,
                   const std::vector<std::int64_t>& from_strides, std::byte* to,
                   const std::vector<std::int64_t>& to_strides) {
  const auto bytes = static_cast<std::int64_t>(size);
  const std::int64_t length = shape.empty() ? 1 : shape.back();
  const std::int64_t step = shape.empty() ? 0 : bytes * from_strides.back();
  const std::int64_t to_step = shape.empty() ? 0 : bytes * to_strides.back();
  for_each_row_of(shape, [&](const std::vector<std::int64_t>& index) {
    const std::byte* source = from + bytes * offset_of(index, from_strides);
    std::byte* target = to + bytes * offset_of(index, to_strides);
    if (step == bytes && to_step == bytes) {
      std::memcpy(target, source, size * static_cast<std::size_t>(length));
      return;
    }
    for (std::int64_t i = 0; i < length; ++i) std::memcpy(target + i * to_step, source + i * step, size);
  });
}

void fill_elements(const std::vector<std::int64_t>& shape, std::size_t size, std::byte* to,
                   const std::vector<std::int64_t>& strides, std::byte contents) {
  const auto bytes = static_cast<std::int64_t>(size);
  const std::int64_t length = shape.empty() ? 1 : shape.back();
  const std::int64_t step = shape.empty() ? 0 : bytes * strides.back();
  for_each_row_of(shape, [&](const std::vector<std::int64_t>& index) {
    std::byte* target = to + bytes * offset_of(index, strides);
    const int value = std::to_integer<int>(contents);
    if (step == bytes) {
      std::memset(target, value, size * static_cast<std::size_t>(length));
      return;
    }
    for (std::int64_t i = 0; i < length; ++i) std::memset(target + i * step, value, size);
  });
}

}  // namespace attest
