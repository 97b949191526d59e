// Attention composed of oneDNN primitives: matmul with post-operations, softmax, matmul.
#pragma once

#include <dnnl.hpp>

#include "kernel/adapters/onednn/forms.hpp"

namespace attest::kernel {

/// How softcap * tanh(x / softcap) is expressed as post-operations.
enum class Softcap {
  by_tensor,  ///< binary div, tanh, binary mul, the softcap being a tensor of one element
  by_linear,  ///< linear by 1 / softcap, tanh, linear by softcap
};

/// What happens to q.k, in this order, before the mask and ALiBi are added.
struct ScoreSteps {
  float scale = 1;
  double softcap = 0;  ///< 0: none
  Softcap softcap_form = Softcap::by_tensor;
};

/// The tensors of one composition, all of one rank: q [.., q_len, qk_dim], k transposed [.., qk_dim, n],
/// v [.., n, v_dim], out [.., q_len, v_dim]; mask and alibi (f32, added to the scores in this order)
/// broadcast against [.., q_len, n] and may be empty handles.
struct OnednnTensors {
  dnnl::memory q, k_transposed, v, out, mask, alibi;
};

/// Computes out = softmax(score) v with oneDNN, in a form (a summed mask needs one). Scores and softmax are
/// in f32; the probabilities are then rounded to the type of v, which is what the second matmul takes.
/// oneDNN's own primitive cache makes repeated shapes fast. Throws dnnl::error, with status
/// dnnl_unimplemented for what oneDNN has no kernel for on this CPU.
void attend(const ScoreSteps& steps, const OnednnTensors& tensors, const OnednnForm& form,
            const dnnl::engine& engine, dnnl::stream& stream);

}  // namespace attest::kernel
