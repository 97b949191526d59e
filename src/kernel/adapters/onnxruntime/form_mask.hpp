// attn_mask of a form of ai.onnx Attention.
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "kernel/adapters/onnxruntime/attention_form.hpp"
#include "kernel/adapters/onnxruntime/inputs.hpp"

namespace attest::kernel::onnxruntime {

/// The first mode of qk_matmul_output that the mask changes.
inline constexpr int kModeAfterMask = 2;

/// A mask for the modes that leave it out.
inline bool ignored_mask_sees(std::int64_t i, std::int64_t j) { return (i + j) % 3 != 1; }
inline double ignored_bias(std::int64_t i, std::int64_t j) {
  return static_cast<double>((3 * i + 2 * j) % 5 - 2) / 4;
}

/// One more than the last key that some row sees; at least 1.
inline std::int64_t seen_keys(const Request& r) {
  for (std::int64_t j = r.kv_len - 1; j > 0; --j) {
    for (std::int64_t b = 0; b < r.batch; ++b) {
      for (std::int64_t h = 0; h < r.q_heads; ++h) {
        for (std::int64_t i = 0; i < r.q_len; ++i) {
          if (r.visible(b, h, i, j)) return j + 1;
        }
      }
    }
  }
  return 1;
}

/// attn_mask of a form: what it lets each row see, and adds to its scores.
class FormMask {
 public:
  FormMask(const AttentionForm& form, const Request& r, const OwnRule& own) : form_(form), r_(r), own_(own) {
    ignored_ = form.scores && *form.scores < kModeAfterMask;
    extent_ = ignored_ ? MaskExtent{1, 1, r.kv_len} : mask_extent(r);
    if (form.mask_extents == MaskExtents::fewer_keys) extent_.keys = ignored_ ? r.kv_len - 1 : seen_keys(r);
    rows_ = form.mask_rank == 1 || form.mask_extents == MaskExtents::one_row ? 1 : r.q_len;
  }

  /// The mask has the form's rank and extents, and says with the operator's own rule what the problem says.
  bool fits() const {
    if (form_.mask_rank < 4 && extent_.batch > 1) return false;
    if (form_.mask_rank < 3 && extent_.heads > 1) return false;
    if (form_.mask_extents == MaskExtents::one_row && r_.q_len == 1) return false;
    // A mask of one key may be meant for all keys.
    if (form_.mask_extents == MaskExtents::fewer_keys && (extent_.keys == r_.kv_len || extent_.keys < 2))
      return false;
    if (r_.bias && form_.mask != MaskKind::real) return false;
    return ignored_ ? !r_.mask && !r_.bias : says_the_same();
  }

  std::optional<Array> array() const {
    const auto sees_it = [this](std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
      return sees(b, h, i, j);
    };
    Request shaped = r_;
    shaped.q_len = rows_;
    if (ignored_ && form_.mask == MaskKind::real) return ignored();
    std::optional<Array> made = form_.mask == MaskKind::real ? float_mask(shaped, extent_, sees_it)
                                                             : bool_mask(shaped, extent_, sees_it);
    if (made) drop_axes(*made);
    return made;
  }

 private:
  void drop_axes(Array& mask) const {
    const auto extra = static_cast<std::ptrdiff_t>(4 - form_.mask_rank);
    mask.shape.erase(mask.shape.begin(), mask.shape.begin() + extra);
  }

  std::optional<Array> ignored() const {
    Array made = make_array(element_of(r_.q.dtype), {1, 1, rows_, extent_.keys});
    const std::size_t item = size_of(made.element);
    for (std::int64_t i = 0; i < rows_; ++i) {
      for (std::int64_t j = 0; j < extent_.keys; ++j)
        encode(r_.q.dtype, ignored_bias(i, j),
               made.data.data() + static_cast<std::size_t>(i * extent_.keys + j) * item);
    }
    drop_axes(made);
    return made;
  }

  // An element of the mask stands for several rows, heads or batches where it broadcasts: it shows a key that
  // one of them sees, and one that the operator's own rule hides from all.
  bool sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
    if (ignored_) return ignored_mask_sees(i, j);
    if (j >= extent_.keys) return false;
    bool left_to_mask = false;
    for (const std::int64_t batch : those(b, extent_.batch, r_.batch)) {
      for (const std::int64_t head : those(h, extent_.heads, r_.q_heads)) {
        for (const std::int64_t row : those(i, rows_, r_.q_len)) {
          if (!own_.sees(batch, row, j)) continue;
          if (r_.visible(batch, head, row, j)) return true;
          left_to_mask = true;
        }
      }
    }
    return !left_to_mask;
  }

  // The indices that an index of the mask stands for.
  static std::vector<std::int64_t> those(std::int64_t index, std::int64_t extent, std::int64_t all) {
    if (extent > 1 || all == 1) return {index};
    std::vector<std::int64_t> indices(static_cast<std::size_t>(all));
    std::iota(indices.begin(), indices.end(), 0);
    return indices;
  }

  bool says_the_same() const {
    for (std::int64_t b = 0; b < r_.batch; ++b) {
      for (std::int64_t h = 0; h < r_.q_heads; ++h) {
        for (std::int64_t i = 0; i < r_.q_len; ++i) {
          for (std::int64_t j = 0; j < r_.kv_len; ++j) {
            const bool left = form_.mask == MaskKind::none || sees(b, h, i, j);
            if (r_.visible(b, h, i, j) != (own_.sees(b, i, j) && left)) return false;
          }
        }
      }
    }
    return !has_varied_bias();
  }

  // A mask of one row has one bias for all rows.
  bool has_varied_bias() const { return r_.bias && rows_ == 1 && r_.q_len > 1 && r_.bias->shape[2] > 1; }

  const AttentionForm& form_;
  const Request& r_;
  const OwnRule& own_;
  bool ignored_ = false;
  MaskExtent extent_{};
  std::int64_t rows_ = 1;
};

}  // namespace attest::kernel::onnxruntime
