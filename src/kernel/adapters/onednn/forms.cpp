#include "kernel/adapters/onednn/forms.hpp"

#include <cmath>

#include <fmt/format.h>

namespace attest::kernel {
namespace {

std::vector<OnednnForm> make_forms() {
  std::vector<OnednnForm> made;
  for (unsigned bits = 0; bits < 16; ++bits) {
    made.push_back({.output_scale = (bits & 1U) != 0,
                    .summed_mask = (bits & 2U) != 0,
                    .packed = (bits & 4U) != 0,
                    .first_softmax = (bits & 8U) != 0});
  }
  return made;
}

void fill(Tensor& tensor, Draw& draw) {
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& value : values) value = draw.normal();
  tensor.assign(values);
}

// The first key stays visible, because a row without keys is declined.
Tensor draw_bias(const Problem& p, Draw& draw) {
  Tensor bias(DType::f32, {draw.chance(0.5) ? 1 : p.batch(), draw.chance(0.5) ? 1 : p.q_heads(),
                           draw.chance(0.3) ? 1 : p.q_len(), p.kv_len()});
  std::vector<double> values(static_cast<std::size_t>(bias.count()));
  for (std::size_t at = 0; at < values.size(); ++at) {
    const bool first = at % static_cast<std::size_t>(p.kv_len()) == 0;
    values[at] = first || draw.chance(0.7) ? draw.normal() : -HUGE_VAL;
  }
  bias.assign(values);
  return bias;
}

}  // namespace

const std::vector<OnednnForm>& onednn_forms() {
  static const std::vector<OnednnForm> made = make_forms();
  return made;
}

std::string name_of(const OnednnForm& form) {
  return fmt::format("scale as {}; mask by {}; matrices {}; {}",
                     form.output_scale ? "output scale" : "post-operation",
                     form.summed_mask ? "sum" : "addition", form.packed ? "packed" : "as given",
                     form.first_softmax ? "softmax" : "softmax_v2");
}

Problem draw_in_onednn_form(Draw& draw) {
  const std::int64_t batch = draw.between(1, 2), kv_heads = draw.between(1, 2);
  const std::int64_t q_heads = kv_heads * draw.between(1, 2), q_len = draw.between(1, 20);
  const std::int64_t kv_len = draw.between(1, 40), qk_dim = draw.between(1, 40);
  const DType dtype = draw.chance(0.3) ? DType::bf16 : DType::f32;
  Problem p;
  p.q = Tensor(dtype, {batch, q_heads, q_len, qk_dim});
  p.k = Tensor(dtype, {batch, kv_heads, kv_len, qk_dim});
  p.v = Tensor(dtype, {batch, kv_heads, kv_len, draw.between(1, 40)});
  for (Tensor* t : {&p.q, &p.k, &p.v}) fill(*t, draw);
  p.scale = 1 / std::sqrt(static_cast<double>(qk_dim));
  if (draw.chance(0.3)) p.softcap = draw.pick({1.0, 4.0});
  p.bias = draw_bias(p, draw);
  p.want_lse = false;
  return p;
}

}  // namespace attest::kernel
