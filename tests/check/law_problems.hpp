// Small problems, and one law put to the plain kernel on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "laws/evaluate.hpp"
#include "oracle/contract/contract.hpp"
#include "plain_kernel.hpp"

namespace attest::check {

inline Problem problem(std::int64_t q_len, std::vector<double> v, DType dtype = DType::f32) {
  const auto n = static_cast<std::int64_t>(v.size());
  Problem p;
  p.q = Tensor(dtype, {1, 1, q_len, 1});
  p.k = Tensor(dtype, {1, 1, n, 1});
  p.v = Tensor(dtype, {1, 1, n, 1});
  p.v.assign(v);
  return p;
}

inline Result result(std::vector<double> out) {
  Result r;
  r.out = Tensor(DType::f32, {1, 1, static_cast<std::int64_t>(out.size()), 1});
  r.out.assign(out);
  return r;
}

inline laws::LawOutcome put(const char* law, const Problem& p, test::Fault fault = test::Fault::none,
                            const std::string& contract = "") {
  const oracle::ContractSet set = oracle::contract_for(contract, p.q.dtype(), p.k.dtype());
  const auto kernel = test::plain_kernel(fault);
  laws::Subject subject(*kernel, p, set, {});
  return laws::evaluate(*laws::find_law(law), subject);
}

}  // namespace attest::check
