#include "dense_head.hpp"

namespace attest::bench {
namespace {

template <class T>
attention::dense::Matrix<T> matrix_of(const Tensor& tensor) {
  attention::dense::Matrix<T> matrix(tensor.dim(2), tensor.dim(3));
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) matrix(i, c) = static_cast<T>(tensor.at({0, 0, i, c}));
  }
  return matrix;
}

}  // namespace

template <class T>
attention::dense::Inputs<T> dense_inputs_of(const Problem& problem) {
  attention::dense::Inputs<T> in;
  in.q = matrix_of<T>(problem.q);
  in.k = matrix_of<T>(problem.k);
  in.v = matrix_of<T>(problem.v);
  in.scale = static_cast<T>(problem.scale);
  in.visible = attention::dense::causal(problem.q_len(), problem.kv_len());
  return in;
}

template <class T>
Result dense_result(const Problem& problem, const attention::dense::Outputs<T>& outputs) {
  Result result{Tensor(problem.q.dtype(), problem.out_shape()),
                Tensor(problem.lse_dtype(), problem.lse_shape())};
  for (Eigen::Index i = 0; i < outputs.o.rows(); ++i) {
    for (Eigen::Index c = 0; c < outputs.o.cols(); ++c)
      result.out.set({0, 0, i, c}, static_cast<double>(outputs.o(i, c)));
    result.lse->set({0, 0, i}, static_cast<double>(outputs.lse(i)));
  }
  return result;
}

template attention::dense::Inputs<float> dense_inputs_of(const Problem&);
template attention::dense::Inputs<double> dense_inputs_of(const Problem&);
template Result dense_result(const Problem&, const attention::dense::Outputs<float>&);
template Result dense_result(const Problem&, const attention::dense::Outputs<double>&);

}  // namespace attest::bench
