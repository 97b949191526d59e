// The oneDNN adapter: attention as a user of oneDNN composes it. oneDNN computes; this file decides what it
// can express, and declines the rest:
// - lse and sinks: the softmax primitive has neither;
// - f16 and f64, and q of another type than k: no CPU matmul in 2.6; bf16: needs AVX-512;
// - rows that see no key: "the operation will generate NaN if all the input elements are -infinity along the
// axis
//   dimension" (oneDNN developer guide, SoftMax; 2.6 does), so what an empty row means is its user's
//   decision.
// kv_lens are given to oneDNN as extents, one call a batch, so that it never reads padding.
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <dnnl.hpp>
#include <fmt/format.h>

#include "kernel/adapters/onednn/contract.hpp"
#include "kernel/adapters/onednn/forms.hpp"
#include "kernel/adapters/onednn/layout.hpp"
#include "kernel/adapters/onednn/mask.hpp"
#include "kernel/adapters/onednn/plan.hpp"
#include "kernel/adapters/registry.hpp"

// Of the OpenMP runtime, whose header comes with one compiler only.
extern "C" void omp_set_num_threads(int threads);
extern "C" int omp_get_max_threads();

namespace attest::kernel {
namespace {

constexpr int kPrimitiveFailed = 2;  // oneDNN reported an error other than "unimplemented"

// One call of the composition: batches that have the same number of keys.
struct Part {
  std::int64_t first = 0, count = 0, n = 0;
  ScoreTerms terms;
};

bool converts_to_normal_f32(double x) {
  const auto f = static_cast<float>(x);
  return f == 0 ? x == 0 : std::isnormal(f);
}

bool expressible(const attest_forward& p) {
  if (p.lse != nullptr || p.sink != nullptr) return false;
  const bool f32 = p.q->dtype.code == kDLFloat && p.q->dtype.bits == 32;
  const bool bf16 = p.q->dtype.code == kDLBfloat;
  if (!f32 && !bf16) return false;
  if (p.k->dtype.code != p.q->dtype.code || p.k->dtype.bits != p.q->dtype.bits) return false;
  if (p.q->shape[0] == 0) return false;  // matmul rejects a batch extent of 0
  if (p.softcap != 0 && !(converts_to_normal_f32(p.softcap) && converts_to_normal_f32(1 / p.softcap)))
    return false;
  return converts_to_normal_f32(p.scale);
}

std::vector<Part> parts_of(const attest_forward& p, const dnnl::memory::dims& heads) {
  const std::int64_t batch = p.q->shape[0];
  std::vector<Part> parts;
  const std::int64_t count = p.kv_lens == nullptr ? batch : 1;
  for (std::int64_t b = 0; b < batch; b += count) {
    std::int64_t n = p.k->shape[2];
    if (p.kv_lens != nullptr)
      n = static_cast<const std::int32_t*>(p.kv_lens->data)[b * p.kv_lens->strides[0]];
    parts.push_back({b, count, n, score_terms(p, b, count, n, heads)});
  }
  return parts;
}

class OnednnAttention final : public Implementation {
 public:
  OnednnAttention(std::string variant, Softcap softcap) : variant_(std::move(variant)), softcap_(softcap) {}

  KernelInfo info() const override {
    const dnnl_version_t* v = dnnl_version();
    KernelInfo info;
    info.name = variant_.empty() ? "onednn" : "onednn:" + variant_;
    info.version = fmt::format("{}.{}.{}", v->major, v->minor, v->patch);
    info.contract = onednn_contract(dnnl::get_effective_cpu_isa());
    return info;
  }

  int forward(const attest_forward& problem) override {
    if (!expressible(problem)) return ATTEST_UNSUPPORTED;
    const std::int64_t q_heads = problem.q->shape[1];
    const std::int64_t kv_heads = problem.k->shape[1];
    const bool grouped = q_heads != kv_heads;
    const dnnl::memory::dims heads =
        grouped ? dnnl::memory::dims{kv_heads, q_heads / kv_heads} : dnnl::memory::dims{q_heads};
    const dnnl::memory::dims key_heads =
        grouped ? dnnl::memory::dims{kv_heads, 1} : dnnl::memory::dims{kv_heads};
    std::vector<Part> parts = parts_of(problem, heads);
    for (const Part& part : parts) {
      if (part.terms.empty_row || part.terms.overflow) return ATTEST_UNSUPPORTED;
      if (form().summed_mask && !part.terms.mask.present()) return ATTEST_UNSUPPORTED;
    }
    try {
      for (Part& part : parts) run(problem, part, heads, key_heads);
    } catch (const dnnl::error& error) {
      return error.status == dnnl_unimplemented ? ATTEST_UNSUPPORTED : kPrimitiveFailed;
    }
    return ATTEST_OK;
  }

  bool set_form(std::optional<std::size_t> form) override {
    if (form && *form >= onednn_forms().size()) return false;
    form_ = form.value_or(0);
    return true;
  }

  // oneDNN asks OpenMP when it makes a primitive, and keeps those for other numbers of threads apart.
  bool set_threads(int threads) override {
    omp_set_num_threads(threads > 0 ? threads : threads_);
    return true;
  }

 private:
  const OnednnForm& form() const { return onednn_forms()[form_]; }

  void run(const attest_forward& p, Part& part, const dnnl::memory::dims& heads,
           const dnnl::memory::dims& key_heads) {
    const auto cut = [&](const DLTensor& tensor, const dnnl::memory::dims& axes) {
      return batches_of(tensor, part.first, part.count, axes);
    };
    const Operand q = Operand::reading(cut(*p.q, heads));
    const Operand k = Operand::reading(transposed(shortened(cut(*p.k, key_heads), 2, part.n)));
    const Operand v = Operand::reading(shortened(cut(*p.v, key_heads), 2, part.n));
    const Operand out = Operand::writing(cut(*p.out, heads));
    const OnednnTensors tensors{q.memory(engine_),   k.memory(engine_),     v.memory(engine_),
                                out.memory(engine_), term(part.terms.mask), term(part.terms.alibi)};
    attend({static_cast<float>(p.scale), p.softcap, softcap_}, tensors, form(), engine_, stream_);
    out.store();
  }

  dnnl::memory term(ScoreTerm& term) const {
    if (!term.present()) return {};
    const dnnl::memory::desc desc(term.dims, dnnl::memory::data_type::f32, dense_strides(term.dims));
    return {desc, engine_, term.values.data()};
  }

  std::string variant_;
  Softcap softcap_;
  std::size_t form_ = 0;                 ///< of later calls
  int threads_ = omp_get_max_threads();  ///< when it was opened
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
};

// "linear-softcap" is a chain that the developer guide allows ("executed in the order they have been
// appended") and 2.6 computes wrongly: linear post-operations of one chain all use the alpha of the first,
// because its kernels are kept by algorithm (pull request 157 of openvinotoolkit/oneDNN keeps them by
// position).
struct Variant {
  const char* name;
  dnnl::cpu_isa isa;
  Softcap softcap;
};

// Narrower instruction sets than the CPU's own select other kernels of oneDNN.
std::vector<Variant> variants_of_this_cpu() {
  std::vector<Variant> variants{{"", dnnl::cpu_isa::all, Softcap::by_tensor}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    variants.push_back({"avx2", dnnl::cpu_isa::avx2, Softcap::by_tensor});
  }
  if (__builtin_cpu_supports("avx")) variants.push_back({"sse41", dnnl::cpu_isa::sse41, Softcap::by_tensor});
#endif
  variants.push_back({"linear-softcap", dnnl::cpu_isa::all, Softcap::by_linear});
  return variants;
}

void limit_isa(const Variant& variant) {
  if (variant.isa == dnnl::cpu_isa::all) return;
  // Accepted once in a process, and only before oneDNN has looked at the CPU.
  dnnl::set_max_cpu_isa(variant.isa);
  if (dnnl::get_effective_cpu_isa() != variant.isa) {
    throw KernelOpenError(
        fmt::format("onednn:{} cannot be opened: this process already uses oneDNN with another "
                    "instruction set",
                    variant.name));
  }
}

std::unique_ptr<Implementation> open_onednn(const std::string& name) {
  // One thread unless the environment says otherwise: oneDNN splits sums by the number of threads.
  if (std::getenv("OMP_NUM_THREADS") == nullptr) omp_set_num_threads(1);
  std::vector<std::string> names;
  for (const Variant& variant : variants_of_this_cpu()) {
    names.push_back(fmt::format("'{}'", variant.name));
    if (name != variant.name) continue;
    limit_isa(variant);
    return std::make_unique<OnednnAttention>(name, variant.softcap);
  }
  throw KernelOpenError(
      fmt::format("onednn has no variant '{}' on this CPU; it has: {}", name, fmt::join(names, ", ")));
}

std::vector<std::string> form_names(const std::string& /*variant*/) {
  std::vector<std::string> names;
  for (const OnednnForm& form : onednn_forms()) names.push_back(name_of(form));
  return names;
}

Problem draw_in_form(const std::string& /*variant*/, std::size_t /*form*/, Draw& draw) {
  return draw_in_onednn_form(draw);
}

}  // namespace

AdapterFamily onednn_adapter() {
  std::vector<std::string> names;
  for (const Variant& variant : variants_of_this_cpu()) names.emplace_back(variant.name);
  AdapterFamily family{"onednn", names, "oneDNN matmul, softmax and matmul primitives (f32, bf16)",
                       &open_onednn};
  family.forms = {.names = form_names, .draw = draw_in_form, .output = nullptr};
  return family;
}

}  // namespace attest::kernel
