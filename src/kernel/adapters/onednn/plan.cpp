#include "kernel/adapters/onednn/plan.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "kernel/adapters/onednn/layout.hpp"

namespace attest::kernel {
namespace {

using dnnl::memory;

// Post-operations of the first matmul and the tensors that they read.
class ScoreOperations {
 public:
  void linear(float alpha) { post_.append_eltwise(1, dnnl::algorithm::eltwise_linear, alpha, 0); }
  void tanh() { post_.append_eltwise(1, dnnl::algorithm::eltwise_tanh, 0, 0); }
  void sum() { post_.append_sum(1); }
  void binary(dnnl::algorithm algorithm, const memory& operand) {
    arguments_[DNNL_ARG_ATTR_MULTIPLE_POST_OP(post_.len()) | DNNL_ARG_SRC_1] = operand;
    post_.append_binary(algorithm, operand.get_desc());
  }

  const dnnl::post_ops& post() const { return post_; }
  std::unordered_map<int, memory> arguments() const { return arguments_; }

 private:
  dnnl::post_ops post_;
  std::unordered_map<int, memory> arguments_;
};

memory::desc dense(const memory::dims& dims, memory::data_type type) {
  return {dims, type, dense_strides(dims)};
}

void append_softcap(ScoreOperations& operations, const ScoreSteps& steps, std::size_t rank,
                    const dnnl::engine& engine) {
  if (steps.softcap_form == Softcap::by_linear) {
    operations.linear(static_cast<float>(1 / steps.softcap));
    operations.tanh();
    operations.linear(static_cast<float>(steps.softcap));
    return;
  }
  const memory cap(dense(memory::dims(rank, 1), memory::data_type::f32), engine);
  *static_cast<float*>(cap.get_data_handle()) = static_cast<float>(steps.softcap);
  operations.binary(dnnl::algorithm::binary_div, cap);
  operations.tanh();
  operations.binary(dnnl::algorithm::binary_mul, cap);
}

// In the adapter's own form the scale is a post-operation rather than an output scale, so that it is one f32
// multiplication of the finished sum whichever kernel oneDNN selects.
ScoreOperations score_operations(const ScoreSteps& steps, const OnednnTensors& tensors,
                                 const OnednnForm& form, const dnnl::engine& engine) {
  ScoreOperations operations;
  if (!form.output_scale) operations.linear(steps.scale);
  if (steps.softcap != 0) {
    append_softcap(operations, steps, tensors.q.get_desc().dims().size(), engine);
  }
  if (form.summed_mask)
    operations.sum();
  else if (tensors.mask)
    operations.binary(dnnl::algorithm::binary_add, tensors.mask);
  if (tensors.alibi) operations.binary(dnnl::algorithm::binary_add, tensors.alibi);
  return operations;
}

dnnl::primitive_attr strict_attributes(const dnnl::post_ops& post) {
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(post);
  // The environment may make down-conversion of f32 the default; the declared contract has none.
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  return attributes;
}

// c = a b, and what the attributes say.
void multiply(const memory& a, const memory& b, const memory& c, const dnnl::primitive_attr& attributes,
              std::unordered_map<int, memory> arguments, const OnednnForm& form, const dnnl::engine& engine,
              dnnl::stream& stream) {
  const memory::desc given = b.get_desc();
  const memory::desc wanted =
      form.packed ? memory::desc(given.dims(), given.data_type(), memory::format_tag::any) : given;
  const dnnl::matmul::primitive_desc chosen({a.get_desc(), wanted, c.get_desc()}, attributes, engine);
  memory weights = b;
  if (chosen.weights_desc() != given) {
    weights = memory(chosen.weights_desc(), engine);
    dnnl::reorder(b, weights).execute(stream, {{DNNL_ARG_FROM, b}, {DNNL_ARG_TO, weights}});
  }
  arguments.insert({{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, c}});
  dnnl::matmul(chosen).execute(stream, arguments);
}

// The softmax of the last axis, in place.
void normalise(const memory& scores, const OnednnForm& form, const dnnl::engine& engine,
               dnnl::stream& stream) {
  const memory::desc desc = scores.get_desc();
  const int keys = desc.data.ndims - 1;
  const std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, scores}, {DNNL_ARG_DST, scores}};
  if (form.first_softmax) {
    dnnl::softmax_forward({{dnnl::prop_kind::forward_inference, desc, keys}, engine})
        .execute(stream, arguments);
  } else {
    dnnl::softmax_v2_forward(
        {{dnnl::prop_kind::forward_inference, dnnl::algorithm::softmax_accurate, desc, desc, keys}, engine})
        .execute(stream, arguments);
  }
}

// The probabilities in the type that the second matmul takes. The softmax primitive could write bf16 itself,
// but 2.6 then keeps its exponentials in bf16 as well: every P is rounded twice, which no contract can state.
memory converted(const memory& probabilities, memory::data_type type, const dnnl::engine& engine,
                 dnnl::stream& stream) {
  if (probabilities.get_desc().data_type() == type) return probabilities;
  memory result(dense(probabilities.get_desc().dims(), type), engine);
  dnnl::reorder(probabilities, result)
      .execute(stream, {{DNNL_ARG_FROM, probabilities}, {DNNL_ARG_TO, result}});
  return result;
}

// The mask in each row of the scores that it broadcasts to: one binary primitive onto zeros.
void fill_with(const memory& scores, const memory& mask, const dnnl::engine& engine, dnnl::stream& stream) {
  std::fill_n(static_cast<std::byte*>(scores.get_data_handle()), scores.get_desc().get_size(), std::byte{0});
  const dnnl::binary::desc add(dnnl::algorithm::binary_add, scores.get_desc(), mask.get_desc(),
                               scores.get_desc());
  dnnl::binary({add, engine})
      .execute(stream, {{DNNL_ARG_SRC_0, scores}, {DNNL_ARG_SRC_1, mask}, {DNNL_ARG_DST, scores}});
}

}  // namespace

void attend(const ScoreSteps& steps, const OnednnTensors& tensors, const OnednnForm& form,
            const dnnl::engine& engine, dnnl::stream& stream) {
  memory::dims score_dims = tensors.q.get_desc().dims();
  score_dims.back() = tensors.k_transposed.get_desc().dims().back();
  const memory scores(dense(score_dims, memory::data_type::f32), engine);
  if (form.summed_mask) fill_with(scores, tensors.mask, engine, stream);
  const ScoreOperations operations = score_operations(steps, tensors, form, engine);
  dnnl::primitive_attr attributes = strict_attributes(operations.post());
  if (form.output_scale) attributes.set_output_scales(0, {steps.scale});
  multiply(tensors.q, tensors.k_transposed, scores, attributes, operations.arguments(), form, engine, stream);

  normalise(scores, form, engine, stream);

  const memory probabilities = converted(scores, tensors.v.get_desc().data_type(), engine, stream);
  multiply(probabilities, tensors.v, tensors.out, strict_attributes({}), {}, form, engine, stream);
  stream.wait();
}

}  // namespace attest::kernel
