// A problem as a call of ai.onnx Attention in a given form, and the call's outputs as the problem's result.
//
// qk_matmul_output has one number for each row and key. Its modes are judged by what the ABI defines:
// - Modes 0 to 2 are scores, and lse of a row that sees one key is the score of that key. A problem of one
// key
//   in each batch, with the same queries in all of them, is asked as one batch with all the keys; its lse is
//   the output. `out` is the key's value, which the adapter copies.
// - Mode 3 is the softmax, which attention over unit vectors returns: `out` of a problem whose values are
//   those is the output.
// What a mode leaves out (the mask in modes 0 and 1, the softcap in mode 0) is given to the operator where
// the form has it, with values of the adapter's.
#pragma once

#include <optional>

#include "kernel/adapters/onnxruntime/attention_form.hpp"
#include "kernel/adapters/onnxruntime/request.hpp"
#include "kernel/adapters/onnxruntime/session.hpp"
#include "numerics/draw.hpp"
#include "problem/problem.hpp"

namespace attest::kernel::onnxruntime {

/// Whether the form's result is lse: a mode of qk_matmul_output before the softmax.
bool returns_scores(const AttentionForm& form);

/// The call and the request that it answers. That of a form that returns scores has all keys in one batch.
struct FormCall {
  Call call;
  Request request;
};

/// None where the problem cannot be asked in the form. The problem's data outlives the result.
std::optional<FormCall> call_in_form(const attest_forward& problem, const AttentionForm& form);

/// A small problem that call_in_form expresses in the form.
Problem draw_problem(const AttentionForm& form, Draw& draw);

/// Writes qk_matmul_output to the problem's outputs. Precondition: the form has it.
void store_scores(const Array& scores, const AttentionForm& form, const Request& asked,
                  const attest_forward& problem);

}  // namespace attest::kernel::onnxruntime
