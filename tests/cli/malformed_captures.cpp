// Files of tensors that are well formed, and no captures.
#include <nlohmann/json.hpp>

#include "malformed.hpp"

namespace attest::cli {
namespace {

using Json = nlohmann::json;

struct Draft {
  Json header;
  std::string data;
};

std::size_t size_of(const std::string& dtype) { return dtype == "U8" ? 1 : dtype == "F16" ? 2 : 4; }

void add(Draft& draft, const std::string& name, const std::string& dtype,
         const std::vector<std::int64_t>& shape, const std::string& element = "") {
  std::size_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
  const std::size_t size = size_of(dtype);
  const std::size_t begin = draft.data.size();
  for (std::size_t i = 0; i < count; ++i) draft.data += element.empty() ? std::string(size, '\0') : element;
  draft.header[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {begin, draft.data.size()}}};
}

// One head of two rows and three keys.
Draft right() {
  Draft draft;
  add(draft, "q", "F32", {1, 1, 2, 4});
  add(draft, "k", "F32", {1, 1, 3, 4});
  add(draft, "v", "F32", {1, 1, 3, 5});
  add(draft, "out", "F32", {1, 1, 2, 5});
  draft.header["__metadata__"] = {{"scale", "0.5"}, {"causal", "none"}};
  return draft;
}

std::string file_of(const Draft& draft) {
  const std::string header = draft.header.dump();
  std::string file(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + draft.data;
}

Malformed changed(const std::string& kind, const std::function<void(Draft&)>& change,
                  const std::string& says) {
  Draft draft = right();
  change(draft);
  return {kind, "x.safetensors", [file = file_of(draft)](const auto& path) { put(path, file); }, says};
}

Malformed text(const std::string& kind, const std::string& name, const std::string& value,
               const std::string& says) {
  return changed(
      kind, [&](Draft& d) { d.header["__metadata__"][name] = value; }, says);
}

Malformed tensor(const std::string& kind, const std::string& name, const std::string& dtype,
                 const std::vector<std::int64_t>& shape, const std::string& says,
                 const std::string& element = "") {
  return changed(
      kind, [&](Draft& d) { add(d, name, dtype, shape, element); }, says);
}

Malformed without(const std::string& name, const std::string& says) {
  return changed(
      "no " + name, [&](Draft& d) { d.header.erase(name); }, says);
}

std::vector<Malformed> names() {
  std::vector<Malformed> kinds;
  for (const auto& [wrong, meant] : {std::pair{"attn_mask", "mask"},
                                     {"query", "q"},
                                     {"output", "out"},
                                     {"softmax_lse", "lse"},
                                     {"sinks", "sink"},
                                     {"kv_len", "kv_lens"}})
    kinds.push_back(
        tensor(std::string("a tensor ") + wrong, wrong, "F32", {1}, std::string("did you mean ") + meant));
  for (const auto& [wrong, meant] : {std::pair{"is_causal", "causal"},
                                     {"left_window_size", "window_left"},
                                     {"softmax_scale", "scale"},
                                     {"sliding_window", "window_left"},
                                     {"logits_soft_cap", "softcap"},
                                     {"Scale", "scale"}})
    kinds.push_back(text(std::string("a text ") + wrong, wrong, "1", std::string("did you mean ") + meant));
  kinds.push_back(
      tensor("a tensor of an unknown name", "dropout_mask_seed", "F32", {1}, "known are q, k, v"));
  kinds.push_back(tensor("a name of 10,000 letters", std::string(10'000, 'n'), "F32", {1}, "..."));
  kinds.push_back(tensor("a name of several lines", "a\nb\x1b[31m", "F32", {1}, "a?b?[31m"));
  kinds.push_back(tensor("a scalar as a tensor", "scale", "F32", {1}, "text of the metadata"));
  return kinds;
}

std::vector<Malformed> scalars() {
  return {
      changed(
          "no scale", [](Draft& d) { d.header["__metadata__"].erase("scale"); }, "there is no scale"),
      changed(
          "no causal", [](Draft& d) { d.header["__metadata__"].erase("causal"); }, "there is no causal"),
      text("a scale that is NaN", "scale", "nan", "must be finite"),
      text("a scale of words", "scale", std::string(5'000, 'x'), "not a number"),
      text("a causal mode that there is not", "causal", "lower-left",
           "must be none, top-left or bottom-right"),
      text("causal True with other lengths", "causal", "True", "does not say whether"),
      text("half a window", "window_left", "1.5", "must be an integer"),
      text("a window below -1", "window_left", "-7", "window limit is below -1"),
      text("a layout that there is not", "layout", "btd", "must be bhtd or bthd"),
      text("the other layout", "layout", "bthd", "kv_heads 3 does not divide q_heads 2"),
      text("a contract that there is not", "contract", "f31", "no preset"),
      text("a contract of 60 KB", "contract", "f32;" + std::string(60'000, 'x'), "contract"),
  };
}

std::vector<Malformed> tensors() {
  const std::string nan_f32("\0\0\xc0\x7f", 4);
  return {
      without("q", "no tensor q"),
      without("k", "no tensor k"),
      without("out", "no tensor out"),
      tensor("q of rank 3", "q", "F32", {1, 2, 4}, "q has rank 3"),
      tensor("q of integers", "q", "I32", {1, 1, 2, 4}, "q is i32"),
      tensor("heads that do not divide", "q", "F32", {1, 3, 2, 4}, "out has shape"),
      tensor("k of other dims", "k", "F32", {1, 1, 3, 6}, "k has shape"),
      tensor("v of another length", "v", "F32", {1, 1, 4, 5}, "v has shape"),
      tensor("no head", "k", "F32", {1, 0, 3, 4}, "at least 1"),
      tensor("out of another shape", "out", "F32", {1, 1, 2, 4}, "out has shape"),
      tensor("out of another dtype", "out", "F16", {1, 1, 2, 5}, "out is f16"),
      tensor("lse of another shape", "lse", "F32", {1, 1, 3}, "lse has shape"),
      tensor("a mask of another shape", "mask", "U8", {1, 1, 2, 2}, "mask has shape"),
      tensor("a mask of twos", "mask", "U8", {1, 1, 2, 3}, "mask holds 2", "\2"),
      tensor("a bias of NaN", "bias", "F32", {1, 1, 2, 3}, "bias holds nan", nan_f32),
      tensor("lengths past the keys", "kv_lens", "I32", {1}, "kv_lens holds 4", std::string("\4\0\0\0", 4)),
      tensor("one slope too many", "alibi_slopes", "F32", {2}, "alibi_slopes has shape"),
  };
}

}  // namespace

std::vector<Malformed> malformed_captures() {
  std::vector<Malformed> kinds = names();
  for (const auto& more : {scalars(), tensors()}) kinds.insert(kinds.end(), more.begin(), more.end());
  return kinds;
}

}  // namespace attest::cli
