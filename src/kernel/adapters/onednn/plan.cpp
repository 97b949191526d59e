#include "kernel/adapters/onednn/plan.hpp"

#include <unordered_map>

#include "kernel/adapters/onednn/layout.hpp"

namespace attest::kernel {
namespace {

using dnnl::memory;

// Post-operations of the first matmul and the tensors that they read.
class ScoreOperations {
 public:
  void linear(float alpha) { post_.append_eltwise(1, dnnl::algorithm::eltwise_linear, alpha, 0); }
  void tanh() { post_.append_eltwise(1, dnnl::algorithm::eltwise_tanh, 0, 0); }
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

// The scale is a post-operation rather than an output scale, so that it is one f32 multiplication of the
// finished sum whichever kernel oneDNN selects.
ScoreOperations score_operations(const ScoreSteps& steps, const OnednnTensors& tensors,
                                 const dnnl::engine& engine) {
  ScoreOperations operations;
  operations.linear(steps.scale);
  if (steps.softcap != 0) {
    append_softcap(operations, steps, tensors.q.get_desc().dims().size(), engine);
  }
  for (const memory* term : {&tensors.mask, &tensors.alibi}) {
    if (*term) operations.binary(dnnl::algorithm::binary_add, *term);
  }
  return operations;
}

dnnl::matmul make_matmul(const memory::desc& a, const memory::desc& b, const memory::desc& c,
                         const dnnl::post_ops& post, const dnnl::engine& engine) {
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(post);
  // The environment may make down-conversion of f32 the default; the declared contract has none.
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  return dnnl::matmul({dnnl::matmul::desc(a, b, c), attributes, engine});
}

dnnl::softmax_v2_forward make_softmax(const memory::desc& scores, const dnnl::engine& engine) {
  const int keys = scores.data.ndims - 1;
  return dnnl::softmax_v2_forward(
      {dnnl::softmax_v2_forward::desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::softmax_accurate,
                                      scores, scores, keys),
       engine});
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

}  // namespace

void attend(const ScoreSteps& steps, const OnednnTensors& tensors, const dnnl::engine& engine,
            dnnl::stream& stream) {
  memory::dims score_dims = tensors.q.get_desc().dims();
  score_dims.back() = tensors.k_transposed.get_desc().dims().back();
  const memory scores(dense(score_dims, memory::data_type::f32), engine);
  const ScoreOperations operations = score_operations(steps, tensors, engine);
  std::unordered_map<int, memory> arguments = operations.arguments();
  arguments.insert(
      {{DNNL_ARG_SRC, tensors.q}, {DNNL_ARG_WEIGHTS, tensors.k_transposed}, {DNNL_ARG_DST, scores}});
  make_matmul(tensors.q.get_desc(), tensors.k_transposed.get_desc(), scores.get_desc(), operations.post(),
              engine)
      .execute(stream, arguments);

  make_softmax(scores.get_desc(), engine).execute(stream, {{DNNL_ARG_SRC, scores}, {DNNL_ARG_DST, scores}});

  const memory probabilities = converted(scores, tensors.v.get_desc().data_type(), engine, stream);
  make_matmul(probabilities.get_desc(), tensors.v.get_desc(), tensors.out.get_desc(), {}, engine)
      .execute(stream,
               {{DNNL_ARG_SRC, probabilities}, {DNNL_ARG_WEIGHTS, tensors.v}, {DNNL_ARG_DST, tensors.out}});
  stream.wait();
}

}  // namespace attest::kernel
