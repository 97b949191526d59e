// The forms of ggml_flash_attn_ext: what its header allows apart from dense tensors and a mask of its own for
// every head and batch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/adapters/ggml/inputs.hpp"
#include "kernel/adapters/ggml/variants.hpp"
#include "numerics/draw.hpp"
#include "problem/problem.hpp"

namespace attest::kernel::ggml {

/// How q, k and v lie in memory; llama.cpp passes views.
enum class Storage : std::uint8_t {
  dense,
  permuted,  ///< the heads of a token lie together
  cache,     ///< k and v are some rows of a larger cache, the others hold NaN
  shared,    ///< v is the first channels of k, as in models with latent attention
};

/// "n_head % ne32 == 0" and "ne3 % ne33 == 0" (ggml.h): fewer masks than heads or batches are taken in turn.
enum class MaskSharing : std::uint8_t { no_mask, each_its_own, heads_in_turn, batches_in_turn };

struct Form {
  Storage storage = Storage::dense;
  MaskSharing mask = MaskSharing::no_mask;
  bool softcap = false, alibi = false, sinks = false;
};

/// In every combination, but where v is in k, which needs one type of both, only with a mask for every head
/// and batch or none; ALiBi needs a mask ("max_bias > 0.0f" asserts one). Not among them is a mask of more
/// rows than queries, which ggml.h had until it dropped GGML_KQ_MASK_PAD.
const std::vector<Form>& forms(CacheTypes cache);

/// "k and v in a cache; masks of heads in turn; softcap; sinks".
std::string name_of(const Form& form);

/// A problem that the form expresses, for a variant with this cache.
Problem draw_problem(const Form& form, CacheTypes cache, Draw& draw);

/// The operands of a problem, as the form passes them; none where the problem is not of the form.
std::optional<Operands> in_form(const Form& form, Operands operands);

}  // namespace attest::kernel::ggml
