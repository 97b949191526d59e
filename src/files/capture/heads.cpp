#include "files/capture/heads.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "files/problem_archive.hpp"
#include "files/scalars.hpp"

namespace attest::files {
namespace {

// None where the archive does not say.
std::optional<std::int64_t> heads_text(const TensorArchive& archive, const std::string& name) {
  const auto found = archive.texts.find(name);
  if (found == archive.texts.end()) return std::nullopt;
  const std::int64_t heads = whole_from(name, found->second);
  if (heads < 1) throw FileFormatError(fmt::format("{} is {}, must be at least 1", name, heads));
  return heads;
}

// [batch, length, heads * dim] as [batch, length, heads, dim]. No element moves.
Tensor split(const Tensor& tensor, std::int64_t heads) {
  std::vector<std::int64_t> shape = tensor.shape();
  std::vector<std::int64_t> strides = tensor.strides();
  const std::int64_t dim = shape.back() / heads;
  shape.back() = heads;
  shape.push_back(dim);
  if (tensor.count() == 0) return {tensor.dtype(), std::move(shape)};
  const std::int64_t step = strides.back();
  strides.back() = step * dim;
  strides.push_back(step);
  Tensor made(tensor.dtype(), std::move(shape), std::move(strides));
  made.bytes() = tensor.bytes();
  return made;
}

[[noreturn]] void needs_layout(const std::string& name) {
  throw FileFormatError(fmt::format(
      "{} has rank 3; [batch, length, heads * dim] needs the layout bthd and the text q_heads, the "
      "number of heads",
      name));
}

}  // namespace

void split_heads(TensorArchive& archive) {
  const std::optional<std::int64_t> q_heads = heads_text(archive, "q_heads");
  const std::optional<std::int64_t> kv_heads = heads_text(archive, "kv_heads");
  const AxisOrder order = axis_order_of(archive);
  for (const auto& [name, heads] : {std::pair{"q", q_heads},
                                    {"k", kv_heads ? kv_heads : q_heads},
                                    {"v", kv_heads ? kv_heads : q_heads},
                                    {"out", q_heads}}) {
    const auto found = archive.tensors.find(name);
    if (found == archive.tensors.end()) continue;
    Tensor& tensor = found->second;
    if (tensor.rank() == 3) {
      if (order != AxisOrder::bthd || !heads) needs_layout(name);
      if (tensor.dim(2) % *heads != 0)
        throw FileFormatError(fmt::format("{} has {} channels, which are no multiple of {} heads", name,
                                          tensor.dim(2), *heads));
      tensor = split(tensor, *heads);
    }
    const bool given = name == std::string("k") || name == std::string("v") ? kv_heads.has_value() : true;
    const std::size_t axis = order == AxisOrder::bthd ? 2 : 1;
    if (heads && given && tensor.rank() == 4 && tensor.dim(axis) != *heads)
      throw FileFormatError(fmt::format("{} has {} heads, not {}", name, tensor.dim(axis), *heads));
  }
}

}  // namespace attest::files
