#include "files/problem_archive.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest {
namespace {

template <class T>
T number(const std::string& name, const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) {
    throw FileFormatError(fmt::format("{} is '{}', which is not a number", name, text));
  }
  return value;
}

// Whole numbers may be written as "3.0", as some writers of scalars do.
std::int64_t whole(const std::string& name, const std::string& text) {
  std::int64_t exact = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (error == std::errc{} && end == text.data() + text.size()) return exact;
  const auto value = number<double>(name, text);
  if (!(std::fabs(value) < 0x1p62) || std::trunc(value) != value) {
    throw FileFormatError(fmt::format("{} is '{}', must be an integer", name, text));
  }
  return static_cast<std::int64_t>(value);
}

Causal causal_from(const std::string& text) {
  if (text == "none" || text == "0") return Causal::none;
  if (text == "top-left" || text == "1") return Causal::top_left;
  if (text == "bottom-right" || text == "2") return Causal::bottom_right;
  throw FileFormatError(fmt::format("causal is '{}', must be none, top-left or bottom-right", text));
}

std::string needed(const TensorArchive& archive, const std::string& name, const std::string& would_be_right) {
  const auto found = archive.texts.find(name);
  if (found == archive.texts.end()) {
    throw FileFormatError(fmt::format("there is no {} in the metadata; {}", name, would_be_right));
  }
  return found->second;
}

const Tensor* find(const TensorArchive& archive, const std::string& name) {
  const auto found = archive.tensors.find(name);
  if (found != archive.tensors.end()) return &found->second;
  const auto foreign = archive.foreign.find(name);
  if (foreign != archive.foreign.end()) {
    throw FileFormatError(
        fmt::format("{} has element type {}, must be f64, f32, f16 or bf16 (mask: u8 or bool, "
                    "kv_lens: i32)",
                    name, foreign->second));
  }
  return nullptr;
}

const Tensor& needed_tensor(const TensorArchive& archive, const std::string& name) {
  if (const Tensor* tensor = find(archive, name)) return *tensor;
  std::vector<std::string> there;
  for (const auto& [other, tensor] : archive.tensors) there.push_back(other);
  throw FileFormatError(fmt::format("there is no tensor {} (there are: {})", name, fmt::join(there, ", ")));
}

std::optional<Tensor> optional_tensor(const TensorArchive& archive, const std::string& name) {
  const Tensor* tensor = find(archive, name);
  return tensor == nullptr ? std::nullopt : std::optional(*tensor);
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

void read_scalars(const TensorArchive& archive, Problem& p) {
  const std::string usual =
      p.q.rank() == 4 && p.q.dim(3) > 0
          ? fmt::format("1 / sqrt(qk_dim) would be {}", 1 / std::sqrt(static_cast<double>(p.q.dim(3))))
          : "it multiplies q.k";
  p.scale = number<double>("scale", needed(archive, "scale", usual));
  p.causal = causal_from(needed(archive, "causal", "it is none, top-left or bottom-right"));
  p.window_left = whole("window_left", text_of(archive, "window_left", "-1"));
  p.window_right = whole("window_right", text_of(archive, "window_right", "-1"));
  p.softcap = number<double>("softcap", text_of(archive, "softcap", "0"));
  p.want_lse = text_of(archive, "want_lse", "0") == "1" || archive.tensors.contains("lse");
}

}  // namespace

std::string text_of(const TensorArchive& archive, const std::string& name, const std::string& otherwise) {
  const auto found = archive.texts.find(name);
  return found == archive.texts.end() ? otherwise : found->second;
}

TensorArchive archive_of(const Problem& p) {
  static constexpr const char* kCausal[] = {"none", "top-left", "bottom-right"};
  TensorArchive archive;
  archive.tensors = {{"q", p.q}, {"k", p.k}, {"v", p.v}};
  const auto add = [&](const char* name, const std::optional<Tensor>& tensor) {
    if (tensor) archive.tensors.emplace(name, *tensor);
  };
  add("bias", p.bias);
  add("mask", p.mask);
  add("alibi_slopes", p.alibi_slopes);
  add("sink", p.sink);
  add("kv_lens", p.kv_lens);
  archive.texts = {{"scale", fmt::format("{}", p.scale)},
                   {"causal", kCausal[static_cast<std::size_t>(p.causal)]},
                   {"window_left", fmt::format("{}", p.window_left)},
                   {"window_right", fmt::format("{}", p.window_right)},
                   {"softcap", fmt::format("{}", p.softcap)},
                   {"want_lse", p.want_lse ? "1" : "0"}};
  return archive;
}

Problem problem_from(const TensorArchive& archive) {
  Problem p;
  p.q = needed_tensor(archive, "q");
  p.k = needed_tensor(archive, "k");
  p.v = needed_tensor(archive, "v");
  share_dtype(p.k, p.v);
  const Tensor* out = find(archive, "out");
  if (out != nullptr && holds(out->dtype(), p.q.dtype())) p.q = widened(p.q, out->dtype());
  read_scalars(archive, p);
  p.bias = optional_tensor(archive, "bias");
  p.mask = optional_tensor(archive, "mask");
  p.alibi_slopes = optional_tensor(archive, "alibi_slopes");
  p.sink = optional_tensor(archive, "sink");
  p.kv_lens = optional_tensor(archive, "kv_lens");
  if (p.bias && holds(DType::f32, p.bias->dtype())) p.bias = widened(*p.bias, DType::f32);
  if (const std::string why = why_invalid(p); !why.empty()) throw FileFormatError(why);
  return p;
}

Result result_from(const TensorArchive& archive, const Problem& p) {
  const auto require = [](const Tensor& tensor, const char* name, DType dtype,
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
  result.out = needed_tensor(archive, "out");
  require(result.out, "out", p.q.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.v_dim()});
  result.lse = optional_tensor(archive, "lse");
  if (result.lse) require(*result.lse, "lse", p.lse_dtype(), {p.batch(), p.q_heads(), p.q_len()});
  return result;
}

}  // namespace attest
