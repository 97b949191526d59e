#include "kernel/adapters/onnxruntime/form_call.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "kernel/adapters/onnxruntime/form_mask.hpp"
#include "kernel/adapters/onnxruntime/inputs.hpp"
#include "kernel/adapters/onnxruntime/operators.hpp"

namespace attest::kernel::onnxruntime {
namespace {

// For the mode that leaves the softcap out.
constexpr float kIgnoredSoftcap = 2;
constexpr int kModeRaw = 0, kModeSoftmax = 3;

// The keys of all batches as one batch's.
View keys_of_batches(const View& t, std::int64_t batches) {
  View view = t;
  view.shape = {1, t.shape[1], batches, t.shape[3]};
  view.strides = {0, t.strides[1], t.strides[0], t.strides[3]};
  return view;
}

// [batch, heads, rows, 1] as [1, heads, rows, batch].
View scores_of_batches(const View& t, std::int64_t batches) {
  View view = t;
  view.shape = {1, t.shape[1], t.shape[2], batches};
  view.strides = {0, t.strides[1], t.strides[2], t.strides[0]};
  return view;
}

bool same_queries(const Request& r) {
  for (std::int64_t b = 1; b < r.batch; ++b) {
    for (std::int64_t h = 0; h < r.q_heads; ++h) {
      for (std::int64_t i = 0; i < r.q_len; ++i) {
        for (std::int64_t c = 0; c < r.qk_dim; ++c) {
          if (std::memcmp(r.q.element(b, h, i, c), r.q.element(0, h, i, c), size_of(r.q.dtype)) != 0)
            return false;
        }
      }
    }
  }
  return true;
}

// One batch with a key for each batch of the problem.
std::optional<Request> gathered(const Request& r) {
  if (r.kv_len != 1 || r.padded || r.causal() || r.windowed() || !same_queries(r)) return std::nullopt;
  Request all = r;
  all.q.shape[0] = 1;
  all.k = keys_of_batches(r.k, r.batch);
  all.v = keys_of_batches(r.v, r.batch);
  if (r.mask) all.mask = scores_of_batches(*r.mask, r.batch);
  if (r.bias) all.bias = scores_of_batches(*r.bias, r.batch);
  all.batch = 1;
  all.kv_len = r.batch;
  all.lens = {r.batch};
  return all;
}

bool past_fits(const AttentionForm& f, std::int64_t past, const Request& r) {
  const std::int64_t fresh = r.kv_len - past;
  if (f.past == Past::none) return past == 0;
  if (past < 1 || fresh < 1) return false;
  return f.past == Past::as_many ? fresh == r.q_len
         : f.past == Past::more  ? fresh > r.q_len
                                 : fresh < r.q_len;
}

bool holds_unit_vectors(const Request& r) {
  if (r.v_dim != r.kv_len) return false;
  for (std::int64_t b = 0; b < r.batch; ++b) {
    for (std::int64_t h = 0; h < r.kv_heads; ++h) {
      for (std::int64_t j = 0; j < r.kv_len; ++j) {
        for (std::int64_t c = 0; c < r.v_dim; ++c) {
          if (r.v.at(b, h, j, c) != (j == c ? 1 : 0)) return false;
        }
      }
    }
  }
  return true;
}

void add_attributes(const AttentionForm& f, const Request& r, const OwnRule& own, Call& call) {
  auto& attributes = call.op.attributes;
  if (f.scale) attributes.emplace_back("scale", static_cast<float>(r.scale));
  if (f.causal) attributes.emplace_back("is_causal", std::int64_t{1});
  if (f.softcap) {
    const bool ignored = f.scores == kModeRaw;
    attributes.emplace_back("softcap", ignored ? kIgnoredSoftcap : static_cast<float>(r.softcap));
  }
  if (f.flat) {
    attributes.emplace_back("q_num_heads", r.q_heads);
    attributes.emplace_back("kv_num_heads", r.kv_heads);
  }
  if (f.softmax_precision != 0)
    attributes.emplace_back("softmax_precision", static_cast<std::int64_t>(f.softmax_precision));
  if (f.scores.value_or(kModeRaw) != kModeRaw)
    attributes.emplace_back("qk_matmul_output_mode", static_cast<std::int64_t>(*f.scores));
  if (own.left >= 0) attributes.emplace_back("left_window_size", own.left);
  if (own.right >= 0) attributes.emplace_back("right_window_size", own.right);
}

void add_past(const Request& r, std::int64_t past, Call& call) {
  call.inputs.resize(6);
  call.inputs[4] = rows(r.k, 0, past, Layout::bhld);
  call.inputs[5] = rows(r.v, 0, past, Layout::bhld);
  call.extra_outputs = 2;
  call.presents = {rows(r.k, Layout::bhld), rows(r.v, Layout::bhld)};
}

// What every form demands of a problem, apart from its mask.
bool fits(const AttentionForm& f, const Request& r, std::int64_t past) {
  if (element_of(r.q.dtype) != f.element || r.q.dtype != r.k.dtype) return false;
  if (r.batch * r.q_len * r.kv_len * r.qk_dim * r.v_dim == 0) return false;
  if (!r.sink.empty() || !r.slopes.empty() || !takes_scale(r)) return false;
  if (!f.scale && !is_default_scale(r)) return false;
  if (static_cast<double>(static_cast<float>(r.softcap)) != r.softcap) return false;
  if ((r.softcap > 0) != (f.softcap && f.scores != kModeRaw)) return false;
  if (f.scores == kModeSoftmax && !holds_unit_vectors(r)) return false;
  // The function body gives NaN for a row without keys (operators.hpp).
  if (f.element == Element::f64 && !returns_scores(f) && adapters::has_empty_row(r)) return false;
  return past_fits(f, past, r);
}

std::vector<std::int64_t> lengths_of(const AttentionForm& f, const Request& r) {
  if (!f.lengths) return std::vector<std::int64_t>(static_cast<std::size_t>(r.batch), r.kv_len);
  if (!returns_scores(f)) return r.lens;
  return {*f.scores < kModeAfterMask ? std::max<std::int64_t>(1, r.kv_len - 1) : seen_keys(r)};
}

std::optional<Call> call_of(const Request& r, const AttentionForm& f) {
  const std::int64_t past = past_length(f, r.q_len, r.kv_len);
  if (!fits(f, r, past)) return std::nullopt;
  const OwnRule own = own_rule(f, r.q_len, r.kv_len, lengths_of(f, r));
  const FormMask mask(f, r, own);
  if (!mask.fits()) return std::nullopt;
  const Layout layout = f.flat ? Layout::blhd : Layout::bhld;
  Call call{{"Attention", "", f.opset, {}}, {}, layout, 0};
  add_attributes(f, r, own, call);
  call.inputs = {rows(r.q, layout), rows(r.k, past, r.kv_len, layout), rows(r.v, past, r.kv_len, layout)};
  if (f.mask != MaskKind::none) {
    call.inputs.resize(4);
    call.inputs[3] = mask.array();
    if (!call.inputs[3]) return std::nullopt;
  }
  if (past > 0) add_past(r, past, call);
  if (f.lengths) {
    call.inputs.resize(7);
    call.inputs[6] = integers(Element::i64, own.lens, {r.batch});
  }
  if (f.scores) call.scores_shape = {r.batch, r.q_heads, r.q_len, r.kv_len};
  return call;
}

void put(const DLTensor& tensor, std::int64_t at, DType dtype, double value) {
  encode(dtype, value,
         static_cast<std::byte*>(tensor.data) + tensor.byte_offset +
             static_cast<std::size_t>(at) * size_of(dtype));
}

}  // namespace

bool returns_scores(const AttentionForm& form) { return form.scores && *form.scores != kModeSoftmax; }

std::optional<FormCall> call_in_form(const attest_forward& problem, const AttentionForm& form) {
  const bool scores = returns_scores(form);
  if ((problem.lse != nullptr) != scores) return std::nullopt;
  std::optional<Request> request = adapters::read_request(problem);
  if (scores) request = gathered(*request);
  if (!request) return std::nullopt;
  std::optional<Call> call = call_of(*request, form);
  if (!call) return std::nullopt;
  return FormCall{std::move(*call), std::move(*request)};
}

void store_scores(const Array& scores, const AttentionForm& form, const Request& asked,
                  const attest_forward& problem) {
  const DType dtype = asked.q.dtype;
  if (!returns_scores(form)) {
    store(scores, Layout::bhld, *problem.out);
    return;
  }
  const DLTensor& lse = *problem.lse;
  const DLTensor& out = *problem.out;
  const std::size_t item = size_of(scores.element);
  std::size_t from = 0;
  for (std::int64_t h = 0; h < asked.q_heads; ++h) {
    for (std::int64_t i = 0; i < asked.q_len; ++i) {
      for (std::int64_t j = 0; j < asked.kv_len; ++j, ++from) {
        put(lse, j * lse.strides[0] + h * lse.strides[1] + i * lse.strides[2],
            dtype == DType::f64 ? DType::f64 : DType::f32, decode(dtype, scores.data.data() + from * item));
        const bool seen = asked.visible(0, h, i, j);
        for (std::int64_t c = 0; c < asked.v_dim; ++c) {
          const double value = asked.v.at(0, h / (asked.q_heads / asked.kv_heads), j, c);
          put(out, j * out.strides[0] + h * out.strides[1] + i * out.strides[2] + c * out.strides[3], dtype,
              seen ? value : 0);
        }
      }
    }
  }
}

}  // namespace attest::kernel::onnxruntime
