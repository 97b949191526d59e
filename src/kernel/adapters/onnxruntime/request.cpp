#include "kernel/adapters/onnxruntime/request.hpp"

namespace attest::kernel::onnxruntime {

std::optional<Request> read(const attest_forward& p) {
  if (p.lse != nullptr || p.alibi_slopes != nullptr) return std::nullopt;
  if (static_cast<double>(static_cast<float>(p.softcap)) != p.softcap) return std::nullopt;
  Request r = adapters::read_request(p);
  if (r.q.dtype != r.k.dtype || r.batch == 0 || r.q_len == 0 || r.kv_len == 0) return std::nullopt;
  simplify(r);
  return r;
}

}  // namespace attest::kernel::onnxruntime
