#include "faults/diagnosis/condition.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "oracle/judge/judge.hpp"

namespace attest::faults {
namespace {

struct Condition {
  std::string text;
  std::function<bool(const Problem&)> holds;
};

bool has_16_bits(DType dtype) { return dtype == DType::f16 || dtype == DType::bf16; }

void add_dtypes(std::vector<Condition>& list) {
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16, DType::f64}) {
    list.push_back({fmt::format("only in {}", name_of(dtype)),
                    [dtype](const Problem& p) { return p.q.dtype() == dtype; }});
  }
  list.push_back({"only in 16-bit types", [](const Problem& p) { return has_16_bits(p.q.dtype()); }});
  list.push_back({"only where k and v have another dtype than q",
                  [](const Problem& p) { return p.q.dtype() != p.k.dtype(); }});
}

void add_dims(std::vector<Condition>& list) {
  for (const std::int64_t dim : {64, 80, 96, 128, 192, 256}) {
    list.push_back(
        {fmt::format("only at head dim {}", dim), [dim](const Problem& p) { return p.qk_dim() == dim; }});
  }
  for (const std::int64_t dim : {64, 128}) {
    list.push_back({fmt::format("only at head dims above {}", dim),
                    [dim](const Problem& p) { return p.qk_dim() > dim; }});
  }
  list.push_back(
      {"only at head dims that are no multiple of 8", [](const Problem& p) { return p.qk_dim() % 8 != 0; }});
}

void add_lengths(std::vector<Condition>& list) {
  for (const std::int64_t tile : {16, 32, 64, 128}) {
    list.push_back({fmt::format("only where kv_len is no multiple of {}", tile),
                    [tile](const Problem& p) { return p.kv_len() % tile != 0; }});
    list.push_back({fmt::format("only where q_len is no multiple of {}", tile),
                    [tile](const Problem& p) { return p.q_len() % tile != 0; }});
  }
  list.push_back({"only for a single query", [](const Problem& p) { return p.q_len() == 1; }});
}

// The narrowest first.
const std::vector<Condition>& conditions() {
  static const std::vector<Condition> list = [] {
    std::vector<Condition> made;
    add_dtypes(made);
    add_dims(made);
    add_lengths(made);
    return made;
  }();
  return list;
}

struct Part {
  std::vector<Evidence> evidence;
  std::vector<const oracle::ContractSet*> contracts;
};

}  // namespace

std::vector<Diagnosis> diagnose_in_part(const std::vector<Evidence>& evidence,
                                        const std::vector<const oracle::ContractSet*>& contracts) {
  std::vector<bool> wrong;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const Evidence& e = evidence[i];
    wrong.push_back(
        oracle::judge(e.problem, e.result, *contracts[i], oracle::affordable(e.problem, {})).violated());
  }
  for (const Condition& condition : conditions()) {
    Part inside;
    bool fits = true;
    bool broken = false;
    for (std::size_t i = 0; i < evidence.size() && fits; ++i) {
      if (condition.holds(evidence[i].problem)) {
        inside.evidence.push_back(evidence[i]);
        inside.contracts.push_back(contracts[i]);
        broken = broken || wrong[i];
      } else {
        fits = !wrong[i];
      }
    }
    if (!fits || !broken || inside.evidence.size() == evidence.size()) continue;
    std::vector<Diagnosis> found = diagnose(inside.evidence, inside.contracts);
    if (found.empty() || !found.front().certified) continue;
    for (Diagnosis& d : found) d.condition = condition.text;
    return found;
  }
  return {};
}

}  // namespace attest::faults
