// A forward problem as the arguments of an OpenCL kernel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/adapters/request.hpp"
#include "kernel/opencl/description.hpp"

namespace attest::kernel::opencl {

/// The values of the variables of expressions. Windows that reach past every key are cut to where they do,
/// which hides no key and no less.
using Variables = std::array<std::int64_t, kVariables>;
Variables variables_of(const adapters::Request& request);

/// Whether the kernel takes it: the types; nothing but what its arguments, macros and conditions know; every
/// condition; at least one output; a scale and softcap that are float numbers.
bool takes(const KernelDescription& kernel, const attest_forward& problem, const adapters::Request& request,
           const Variables& variables);

/// The values of expressions; none where one has none, or is negative.
std::optional<std::vector<std::size_t>> extents(const std::vector<Expression>& expressions,
                                                const Variables& variables);

/// The elements of a tensor in row-major order, masks and biases with all their axes; none where the problem
/// has no such tensor. Outputs hold what the caller put there.
std::optional<std::vector<std::byte>> packed(Buffer buffer, const attest_forward& problem,
                                             const adapters::Request& request);
/// Bytes that packed takes.
std::uint64_t packed_bytes(Buffer buffer, const attest_forward& problem, const adapters::Request& request);

/// Writes what packed gives back to the caller's tensor. Of out and lse.
void unpack(const std::byte* from, const DLTensor& to);

/// A scalar argument as the bytes that the kernel gets; none where its type does not hold it.
struct ScalarBytes {
  std::array<std::byte, 8> bytes{};
  std::size_t size = 0;
};
std::optional<ScalarBytes> scalar_of(const Argument& argument, const attest_forward& problem,
                                     const Variables& variables);

}  // namespace attest::kernel::opencl
