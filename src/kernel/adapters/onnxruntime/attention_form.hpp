// The forms of ai.onnx Attention: combinations of its attributes and optional inputs.
//
// A form says what is given, not its values or extents. The names are those that tests/standards gives to the
// node tests of ONNX.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel/adapters/onnxruntime/api.hpp"

namespace attest::kernel::onnxruntime {

/// Whether there is a past, and how many new keys there are, compared with rows.
enum class Past : std::uint8_t { none, as_many, more, fewer };
enum class MaskKind : std::uint8_t { none, boolean, real };
/// The last two axes of attn_mask. The standard broadcasts one row, and pads fewer keys.
enum class MaskExtents : std::uint8_t { full, one_row, fewer_keys };

struct AttentionForm {
  std::int64_t opset = 23;
  bool flat = false;  ///< rank 3: q_num_heads and kv_num_heads are given
  Element element = Element::f32;
  Past past = Past::none;
  MaskKind mask = MaskKind::none;
  std::size_t mask_rank = 0;
  MaskExtents mask_extents = MaskExtents::full;
  bool lengths = false;  ///< nonpad_kv_seqlen
  bool causal = false;   ///< is_causal
  bool window = false;   ///< left_window_size, and right_window_size without is_causal
  bool scale = false;
  bool softcap = false;
  int softmax_precision = 0;    ///< an element type of ONNX; 0: left out
  std::optional<int> scores{};  ///< the mode of qk_matmul_output; none: this output is not asked for

  friend bool operator==(const AttentionForm&, const AttentionForm&) = default;
};

/// "opset 23; 3D; float32; past, more new keys than rows; bool mask of rank 2; is_causal; score output".
std::string name_of(const AttentionForm& form);

/// The forms of these opsets, simple ones first. Every structure (rank, past or lengths, mask, is_causal) has
/// every score output; structures with few parts have each other attribute; masks of every extent have every
/// element type, with and without lengths and is_causal; and masks with is_causal have all combinations of
/// what acts between score and softmax. Opset 25 is opset 24 with windows, and less of the rest.
std::vector<AttentionForm> attention_forms(const std::vector<std::int64_t>& opsets);

/// The past's length in a call with so many rows and keys.
std::int64_t past_length(const AttentionForm& form, std::int64_t q_len, std::int64_t kv_len);

/// What the operator hides by is_causal, lengths and windows.
struct OwnRule {
  bool causal = false;
  std::int64_t left = -1, right = -1;  ///< of the window; -1: no limit
  std::vector<std::int64_t> first;     ///< the position of row 0, of each batch
  std::vector<std::int64_t> lens;      ///< keys of each batch

  bool sees(std::int64_t b, std::int64_t i, std::int64_t j) const;
};

/// With so many batches, rows and keys. `lens`: the keys of each batch; all, unless the form has lengths.
OwnRule own_rule(const AttentionForm& form, std::int64_t q_len, std::int64_t kv_len,
                 std::vector<std::int64_t> lens);

}  // namespace attest::kernel::onnxruntime
