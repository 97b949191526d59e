// ONNX Runtime's attention operators behind the kernel ABI; one variant an operator.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "kernel/adapters/onnxruntime/attention_form.hpp"
#include "kernel/adapters/onnxruntime/contracts.hpp"
#include "kernel/adapters/onnxruntime/form_call.hpp"
#include "kernel/adapters/onnxruntime/inputs.hpp"
#include "kernel/adapters/onnxruntime/operators.hpp"
#include "kernel/adapters/registry.hpp"

namespace attest::kernel {
namespace {

using onnxruntime::Call;

constexpr int kFailed = 2;
// Sessions cost under a millisecond and some hundred kilobytes each, and a campaign's scales make many.
constexpr std::size_t kMaxSessions = 64;

struct Variant {
  const char* name;
  std::optional<Call> (*plan)(const onnxruntime::Request&);
  const char* contract;
  const char* kv_lens_by_mask;  ///< as in KernelInfo
};

// The documents describe masks that are added to scores, which NaN survives; the function body of ai.onnx
// Attention adds PaddingMaskFloat = Where(PaddingMaskBool, 0, -inf). GroupQueryAttention is given the tokens
// that exist ("seqlens_k"), so that it owes the ABI's rule.
constexpr std::array<Variant, 5> kVariants{{
    {"attention-23", onnxruntime::attention_23, onnxruntime::kAttentionContract,
     "ai.onnx Attention-23 takes attn_mask and no lengths"},
    {"attention-24", onnxruntime::attention_24, onnxruntime::kAttentionContract,
     "ai.onnx Attention-24, nonpad_kv_seqlen: \"A padding mask can be derived from this\""},
    {"mha", onnxruntime::multi_head_attention, onnxruntime::kMultiHeadContract,
     "MultiHeadAttention, key_padding_mask and mask_filter_value: \"The value to be filled in the attention "
     "mask\""},
    {"gqa", onnxruntime::group_query_attention, onnxruntime::kGroupQueryContract, ""},
    {"contrib-attention", onnxruntime::contrib_attention, onnxruntime::kContribContract,
     "Attention, mask_index and mask_filter_value: \"The value to be filled in the attention mask\""},
}};

using Forms = std::vector<onnxruntime::AttentionForm>;

// Of the variants of ai.onnx Attention; the documents of com.microsoft's operators say less of their inputs.
const Forms& forms_of(const std::string& variant) {
  static const Forms opset_23 = onnxruntime::attention_forms({23});
  static const Forms later = onnxruntime::attention_forms({24, 25});
  static const Forms none;
  return variant == "attention-23" ? opset_23 : variant == "attention-24" ? later : none;
}

std::vector<std::string> form_names(const std::string& variant) {
  std::vector<std::string> names;
  for (const onnxruntime::AttentionForm& form : forms_of(variant)) names.push_back(name_of(form));
  return names;
}

Problem draw_in_form(const std::string& variant, std::size_t form, Draw& draw) {
  return onnxruntime::draw_problem(forms_of(variant).at(form), draw);
}

std::string output_of_form(const std::string& variant, std::size_t form) {
  return forms_of(variant).at(form).scores ? "qk_matmul_output" : "";
}

// What the library says without its place in the source and the node's signature.
std::string reason_of(std::string message) {
  for (const std::string_view head : {" was false. ", " , Error "}) {
    const std::size_t at = message.find(head);
    if (at != std::string::npos) message.erase(0, at + head.size());
  }
  std::replace(message.begin(), message.end(), '\n', ' ');
  return message;
}

class OnnxRuntime final : public Implementation {
 public:
  explicit OnnxRuntime(const Variant& variant) : variant_(variant) { onnxruntime::library(); }

  KernelInfo info() const override {
    return {fmt::format("onnxruntime:{}", variant_.name), onnxruntime::library().version, variant_.contract,
            0, variant_.kv_lens_by_mask};
  }

  // A session keeps the threads that it was made with.
  bool set_threads(int threads) override {
    sessions_.clear();
    last_in_form_.reset();
    threads_ = std::max(1, threads);
    return true;
  }

  bool set_form(std::optional<std::size_t> form) override {
    const Forms& forms = forms_of(variant_.name);
    if (form && *form >= forms.size()) return false;
    form_ = form ? &forms[*form] : nullptr;
    return true;
  }

  int forward(const attest_forward& problem) override {
    if (form_ != nullptr) return forward_in_form(problem);
    const auto request = onnxruntime::read(problem);
    const auto call = request ? variant_.plan(*request) : std::nullopt;
    if (!call) return ATTEST_UNSUPPORTED;
    try {
      const onnxruntime::Session* session = session_for(*call);
      if (session == nullptr) return ATTEST_UNSUPPORTED;
      onnxruntime::Array out = blank_output(*request, call->layout);
      session->run(*call, out);
      onnxruntime::store(out, call->layout, *problem.out);
      return ATTEST_OK;
    } catch (const onnxruntime::Error& error) {
      std::fprintf(stderr, "onnxruntime:%s: %s\n", variant_.name, error.what());
      return kFailed;
    }
  }

 private:
  // What the library does not take is refused in its own words.
  int forward_in_form(const attest_forward& problem) {
    const auto asked = onnxruntime::call_in_form(problem, *form_);
    if (!asked) return ATTEST_UNSUPPORTED;
    const Call& call = asked->call;
    try {
      const onnxruntime::Session& session = session_in_form(call);
      onnxruntime::Array out = blank_output(asked->request, call.layout);
      if (!form_->scores) {
        session.run(call, out);
        onnxruntime::store(out, call.layout, *problem.out);
        return ATTEST_OK;
      }
      onnxruntime::Array scores = onnxruntime::make_array(onnxruntime::element_of(asked->request.q.dtype),
                                                          call.scores_shape, std::byte{0xff});
      session.run(call, out, &scores);
      onnxruntime::store_scores(scores, *form_, asked->request, problem);
      return ATTEST_OK;
    } catch (const onnxruntime::Error& error) {
      std::fprintf(stderr, "%s\n", reason_of(error.what()).c_str());
      return error.from_library() ? kFormRefused : kFailed;
    }
  }

  // Forms are many, and asked one after the other: the last session is kept, as problems of one form often
  // have the same model. To make a session costs many times what a call does.
  const onnxruntime::Session& session_in_form(const Call& call) {
    const std::string model = onnxruntime::model_of(call);
    if (!last_in_form_ || last_in_form_->first != model) {
      last_in_form_.reset();
      last_in_form_.emplace(model, onnxruntime::Session(model, threads_));
    }
    return last_in_form_->second;
  }

  // nullptr when the library has no kernel for the element type; the refusal is remembered like a session.
  const onnxruntime::Session* session_for(const Call& call) {
    const std::string model = onnxruntime::model_of(call);
    const auto known = sessions_.find(model);
    if (known != sessions_.end()) return known->second.get();
    if (sessions_.size() >= kMaxSessions) sessions_.clear();
    std::unique_ptr<onnxruntime::Session> session;
    try {
      session = std::make_unique<onnxruntime::Session>(model, threads_);
    } catch (const onnxruntime::Error& error) {
      if (!error.unsupported()) throw;
    }
    return sessions_.emplace(model, std::move(session)).first->second.get();
  }

  // Every byte 0xff, a NaN, so that an element that the operator leaves unwritten shows.
  static onnxruntime::Array blank_output(const onnxruntime::Request& r, onnxruntime::Layout layout) {
    std::vector<std::int64_t> shape{r.batch, r.q_heads, r.q_len, r.v_dim};
    if (layout == onnxruntime::Layout::blhd) shape = {r.batch, r.q_len, r.q_heads * r.v_dim};
    return onnxruntime::make_array(onnxruntime::element_of(r.q.dtype), std::move(shape), std::byte{0xff});
  }

  const Variant& variant_;
  int threads_ = 1;
  const onnxruntime::AttentionForm* form_ = nullptr;  ///< of later calls; null: of the variant's choice
  std::map<std::string, std::unique_ptr<onnxruntime::Session>> sessions_;
  std::optional<std::pair<std::string, onnxruntime::Session>> last_in_form_;  ///< by its model
};

std::unique_ptr<Implementation> open_variant(const std::string& name) {
  for (const Variant& variant : kVariants) {
    if (name == variant.name) return std::make_unique<OnnxRuntime>(variant);
  }
  throw KernelOpenError(fmt::format("onnxruntime has no operator '{}'", name));
}

}  // namespace

AdapterFamily onnxruntime_adapter() {
  AdapterFamily family{
      "onnxruntime", {}, "attention operators of ONNX Runtime (npm onnxruntime-node), on the CPU",
      open_variant,  {}, {.names = form_names, .draw = draw_in_form, .output = output_of_form}};
  for (const Variant& variant : kVariants) family.variants.emplace_back(variant.name);
  return family;
}

}  // namespace attest::kernel
