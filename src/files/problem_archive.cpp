#include "files/problem_archive.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "files/scalars.hpp"
#include "problem/quote.hpp"
#include "problem/signature.hpp"

namespace attest::files {
namespace {

constexpr const char* kQStart = "q_start";

// How a person adds a scalar to the file, as a clause.
std::string how_to_add(ArchiveFormat format, const std::string& name, const std::string& value) {
  switch (format) {
    case ArchiveFormat::npz:
      return fmt::format(": np.savez(..., {}={})", name, value);
    case ArchiveFormat::folder:
      return fmt::format(": np.save('{}.npy', {})", name, value);
    case ArchiveFormat::safetensors:
      break;
  }
  return "";
}

const Tensor* find(const TensorArchive& archive, const std::string& name);

// What a scalar that is missing would be.
std::string hint_for(const Scalar& scalar, const Problem& p, ArchiveFormat format) {
  const std::string name(scalar.name);
  if (std::holds_alternative<Causal Problem::*>(scalar.member))
    return fmt::format("it is {}{}", kCausalValues, how_to_add(format, name, "'top-left'"));
  if (p.q.rank() != 4 || p.q.dim(3) < 1)
    return fmt::format("it multiplies q.k{}", how_to_add(format, name, "0.125"));
  const std::string usual = fmt::format("{}", 1 / std::sqrt(static_cast<double>(p.q.dim(3))));
  return fmt::format("1 / sqrt(qk_dim) would be {}{}", usual, how_to_add(format, name, usual));
}

std::string needed(const TensorArchive& archive, const Scalar& scalar, const Problem& p) {
  const std::string name(scalar.name);
  const auto found = archive.texts.find(name);
  if (found != archive.texts.end()) return found->second;
  if (find(archive, name) != nullptr)
    throw FileFormatError(fmt::format("{} has axes; it must be a number without", name));
  const bool metadata = archive.format == ArchiveFormat::safetensors;
  throw FileFormatError(fmt::format("there is no {}{}; {}", name, metadata ? " in the metadata" : "",
                                    hint_for(scalar, p, archive.format)));
}

const Tensor* find(const TensorArchive& archive, const std::string& name) {
  const auto found = archive.tensors.find(name);
  if (found != archive.tensors.end()) return &found->second;
  const auto foreign = archive.foreign.find(name);
  if (foreign != archive.foreign.end()) {
    throw FileFormatError(
        fmt::format("{} has element type {}, must be f64, f32, f16 or bf16 (mask: bool or "
                    "integers, kv_lens: integers)",
                    name, quote(foreign->second)));
  }
  return nullptr;
}

const Tensor& needed_tensor(const TensorArchive& archive, const std::string& name) {
  if (const Tensor* tensor = find(archive, name)) return *tensor;
  std::vector<std::string> there;
  for (const auto& [other, tensor] : archive.tensors) there.push_back(other);
  const std::string what = archive.format == ArchiveFormat::folder ? name + ".npy" : "tensor " + name;
  if (there.empty()) throw FileFormatError(fmt::format("there is no {}, nor any other tensor", what));
  throw FileFormatError(fmt::format("there is no {} (there are: {})", what,
                                    quote(fmt::format("{}", fmt::join(there, ", ")), 100)));
}

// Whether every value of `narrow` is one of `wide`.
bool holds(DType wide, DType narrow) {
  if (wide == narrow) return true;
  if (wide == DType::f64) return is_floating(narrow);
  return wide == DType::f32 && (narrow == DType::f16 || narrow == DType::bf16);
}

Tensor widened(const Tensor& tensor, DType dtype) {
  if (tensor.dtype() == dtype) return tensor;
  Tensor wide(dtype, tensor.shape());
  wide.assign(tensor.values());
  return wide;
}

void share_dtype(Tensor& a, Tensor& b) {
  if (!is_floating(a.dtype()) || !is_floating(b.dtype())) return;
  if (holds(a.dtype(), b.dtype())) {
    b = widened(b, a.dtype());
  } else if (holds(b.dtype(), a.dtype())) {
    a = widened(a, b.dtype());
  }
}

// What the texts are read for.
struct Reading {
  const Problem& problem;
  bool has_kv_lens = false;
};

void from_text(const std::string& name, const std::string& text, const Reading&, double& value) {
  value = number_from(name, text);
}
void from_text(const std::string& name, const std::string& text, const Reading&, std::int64_t& value) {
  value = whole_from(name, text);
}
void from_text(const std::string&, const std::string& text, const Reading& reading, Causal& value) {
  value = causal_from(text, reading.problem, reading.has_kv_lens);
}

std::string to_text(double value, const Problem&) { return fmt::format("{}", value); }
std::string to_text(std::int64_t value, const Problem&) { return fmt::format("{}", value); }
std::string to_text(Causal, const Problem& p) { return causal_text(p); }

void read_scalars(const TensorArchive& archive, Problem& p) {
  if (const auto found = archive.texts.find(kQStart); found != archive.texts.end())
    p.q_start = whole_from(kQStart, found->second);
  const Reading reading{p, archive.tensors.contains("kv_lens")};
  for (const Scalar& scalar : kScalars) {
    const std::string name(scalar.name);
    if (!scalar.needed_in_files && !archive.texts.contains(name)) {
      scalar.leave_out(p);
      continue;
    }
    const std::string text = needed(archive, scalar, p);
    std::visit([&](auto member) { from_text(name, text, reading, p.*member); }, scalar.member);
  }
  p.want_lse = text_of(archive, "want_lse", "0") == "1" || archive.tensors.contains("lse");
}

}  // namespace

std::string text_of(const TensorArchive& archive, const std::string& name, const std::string& otherwise) {
  const auto found = archive.texts.find(name);
  return found == archive.texts.end() ? otherwise : found->second;
}

AxisOrder axis_order_of(const TensorArchive& archive, AxisOrder otherwise) {
  const auto found = archive.texts.find("layout");
  return found == archive.texts.end() ? otherwise : axis_order_from(found->second);
}

TensorArchive archive_of(const Problem& p, AxisOrder order) {
  TensorArchive archive;
  for (const Input& input : kInputs) {
    const Tensor* tensor = input.of(p);
    if (tensor == nullptr) continue;
    archive.tensors.emplace(input.name, input.optional() ? *tensor : reordered(*tensor, order));
  }
  if (order != AxisOrder::bhtd) archive.texts.emplace("layout", name_of(order));
  for (const Scalar& scalar : kScalars) {
    archive.texts.emplace(scalar.name,
                          std::visit([&](auto member) { return to_text(p.*member, p); }, scalar.member));
  }
  if (p.q_start) archive.texts.emplace(kQStart, to_text(*p.q_start, p));
  archive.texts.emplace("want_lse", p.want_lse ? "1" : "0");
  return archive;
}

Problem problem_from(const TensorArchive& archive) {
  Problem p;
  const AxisOrder order = axis_order_of(archive);
  for (const Input& input : required_inputs())
    input.put(p, reordered(needed_tensor(archive, std::string(input.name)), order));
  share_dtype(p.k, p.v);
  const Tensor* out = find(archive, "out");
  if (out != nullptr && holds(out->dtype(), p.q.dtype())) p.q = widened(p.q, out->dtype());
  read_scalars(archive, p);
  for (const Input& input : optional_inputs()) {
    const Tensor* tensor = find(archive, std::string(input.name));
    if (tensor == nullptr) continue;
    const bool widens = input.per_score() && holds(*input.dtype, tensor->dtype());
    input.put(p, widens ? widened(*tensor, *input.dtype) : *tensor);
  }
  simplify_q_start(p);
  if (const std::string why = why_invalid_capture(p); !why.empty()) throw FileFormatError(why);
  return p;
}

Result result_from(const TensorArchive& archive, const Problem& p, AxisOrder order) {
  const auto require = [](const Tensor& tensor, std::string_view name, DType dtype,
                          const std::vector<std::int64_t>& shape) {
    if (tensor.dtype() != dtype) {
      throw FileFormatError(
          fmt::format("{} is {}, must be {}", name, name_of(tensor.dtype()), name_of(dtype)));
    }
    if (tensor.shape() != shape) {
      throw FileFormatError(fmt::format("{} has shape [{}], must be [{}]", name,
                                        fmt::join(tensor.shape(), ", "), fmt::join(shape, ", ")));
    }
  };
  Result result;
  for (const OutputTensor& output : kForward.outputs) {
    const std::string name(output.name);
    const bool optional = output.wanted != nullptr;
    const Tensor* tensor = optional ? find(archive, name) : &needed_tensor(archive, name);
    if (tensor == nullptr) continue;
    Tensor found = output.has_channels() ? reordered(*tensor, axis_order_of(archive, order)) : *tensor;
    require(found, output.name, output.dtype(p), output.shape_in(p));
    output.put(result, std::move(found));
  }
  return result;
}

}  // namespace attest::files
