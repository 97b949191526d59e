// Layouts as such: shapes and strides in elements, without a tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace attest {

/// Row-major strides of a shape, in elements.
std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape);
/// Elements of storage that a layout reaches (0 when any extent is 0); kMostElements when there are more.
std::int64_t storage_elements(const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& strides);
inline constexpr std::int64_t kMostElements = std::int64_t{1} << 58;

/// Whether two logical elements share memory, axes of extent 1 apart. Layouts of more than 2^20 elements
/// whose axes interleave count as overlapping.
bool overlapping(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides);

/// Copies elements of `size` bytes from one layout of a shape to another.
void copy_elements(const std::vector<std::int64_t>& shape, std::size_t size, const std::byte* from,
                   const std::vector<std::int64_t>& from_strides, std::byte* to,
                   const std::vector<std::int64_t>& to_strides);
/// Sets every byte of the elements of a layout, and no other.
void fill_elements(const std::vector<std::int64_t>& shape, std::size_t size, std::byte* to,
                   const std::vector<std::int64_t>& strides, std::byte contents);

}  // namespace attest
