#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "report/full/costs.hpp"
#include "report/host.hpp"
#include "report/number.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

struct Way {
  const char* what;
  std::int64_t threads;
  const char* words;
};

constexpr std::array<Way, 17> kWays{{
    {"f64_certificate", 1, "f64 tier: o, lse, radii and bound"},
    {"f64_judge", 1, "the same, and a result judged"},
    {"f64_judge", 2, "the same on 2 threads"},
    {"numpy_blocked", 1, "numpy in fp64, only visible blocks: o"},
    {"numpy_blocked", 2, "the same on 2 threads"},
    {"numpy_full", 1, "numpy in fp64, the whole score matrix: o"},
    {"dense_f64", 1, "the dense form in f64 (Eigen, SSE2): o, lse"},
    {"dense_f32", 1, "the same in f32"},
    {"dense_gradient_f64", 1, "the dense form's gradient in f64: dQ, dK, dV"},
    {"f64_row", 1, "f64 row by row: o, lse, radii *"},
    {"f64_row_certificate", 1, "the same with the sharp bound *"},
    {"double_double_head", 1, "double-double tier: o, lse, radii"},
    {"double_double_row", 1, "the same row by row *"},
    {"mpfi_106_row", 1, "MPFI tier at 106 bits: o, lse, radii *"},
    {"mpfr_106_row", 1, "MPFR at 106 bits, no radii: o, lse *"},
    {"arb_53_row", 1, "Arb at 53 bits: o, lse, radii *"},
    {"arb_106_row", 1, "Arb at 106 bits: o, lse, radii *"},
}};

const CostPoint* find(const Costs& costs, const Way& way, std::int64_t keys, std::int64_t head_dim) {
  for (const CostPoint& p : costs.points) {
    if (p.what == way.what && p.threads == way.threads && p.keys == keys && p.queries == keys &&
        p.head_dim == head_dim)
      return &p;
  }
  return nullptr;
}

std::string multiples_table(const Costs& costs, std::int64_t head_dim,
                            const std::set<std::int64_t>& lengths) {
  std::vector<std::string> head{fmt::format("{} channels", head_dim)};
  for (const std::int64_t keys : lengths) head.push_back(fmt::format("{} keys", grouped(keys)));
  std::string text = table_head(head);
  for (const Way& way : kWays) {
    std::vector<std::string> row{way.words};
    bool any = false;
    for (const std::int64_t keys : lengths) {
      const CostPoint* p = find(costs, way, keys, head_dim);
      const bool known = p != nullptr && p->times_certificate;
      row.push_back(known ? short_text(*p->times_certificate) : "");
      any = any || known;
    }
    if (any) text += table_row(row);
  }
  std::vector<std::string> share{"f64 tier, share of the dgemm rate"};
  std::vector<std::string> time{"f64 tier, ns per visible pair"};
  for (const std::int64_t keys : lengths) {
    const CostPoint* p = find(costs, kWays[0], keys, head_dim);
    share.push_back(p != nullptr && p->of_dgemm ? fmt::format("{:.0f} %", *p->of_dgemm * 100) : "");
    time.push_back(p != nullptr ? short_text(p->seconds_per_pair * 1e9) : "");
  }
  return text + table_row(share) + table_row(time);
}

std::string decoding_lines(const Costs& costs) {
  std::string text;
  for (const CostPoint& p : costs.points) {
    if (p.what != "numpy_decoding" || !p.times_certificate) continue;
    text += fmt::format(
        "- {} against {} keys of {} channels: numpy in fp64 takes {} times as long as the f64 tier\n",
        p.queries == 1 ? "1 query" : fmt::format("{} queries", p.queries), grouped(p.keys), p.head_dim,
        short_text(*p.times_certificate));
  }
  return text;
}

std::string promises(const Costs& costs) {
  std::string text;
  for (const CostRatio& r : costs.ratios) {
    text += fmt::format("- {}: **{}** ({})\n", r.what, short_text(r.ratio), limit_text(r));
  }
  return text + fmt::format("- memory of the f64 tier beyond inputs and outputs at {} keys: {:.1f} MiB\n",
                            grouped(costs.memory_keys), static_cast<double>(costs.memory_bytes) / (1 << 20));
}

}  // namespace

std::string limit_text(const CostRatio& ratio) {
  return fmt::format("{} {}", ratio.met ? "limit" : "ABOVE the limit of", short_text(ratio.limit));
}

std::string costs_markdown(const std::optional<Costs>& costs) {
  if (!costs) return "Not measured. `./attest bench` measures it in about two minutes.\n";
  const std::string now = host_json()["cpu"].get<std::string>();
  std::string text = fmt::format(
      "Measured by `./attest bench` at {} with attest {}, on {} ({}){}; OpenBLAS used its {} kernel{}. One "
      "causal head of normal f32 inputs under the contract f32. Processor time for one thread, elapsed time "
      "for two threads; the fastest of several repetitions.\n\n",
      costs->time, costs->version, costs->cpu, costs->isa,
      costs->cpu == now ? "" : ", on a different machine from this report's", costs->openblas_kernel,
      costs->numpy_blas_kernel == costs->openblas_kernel
          ? ""
          : ", and under numpy its " + costs->numpy_blas_kernel + " kernel");
  text += "At 4,096 keys and 64 channels:\n" + promises(*costs) + decoding_lines(*costs);
  text +=
      "\nThe f64 tier computes the bound in the same pass as o, from norms and from outward-rounded f32 "
      "sums. If that bound cannot decide an element, its row is judged again with the sharp bound "
      "(docs/bound-derivation.md, 13).\n";
  text +=
      "\nTime as a multiple of the f64 tier on one thread. An asterisk marks measurements on a few rows, "
      "spread over the head. A visible pair of a query and a key needs 2 (qk_dim + v_dim) f64 operations; "
      "the machine's dgemm rate is the limit.\n\n";
  std::set<std::int64_t> lengths;
  std::set<std::int64_t> head_dims;
  for (const CostPoint& p : costs->points) {
    if (p.queries != p.keys) continue;
    lengths.insert(p.keys);
    head_dims.insert(p.head_dim);
  }
  for (const std::int64_t head_dim : head_dims) text += multiples_table(*costs, head_dim, lengths) + "\n";
  return text;
}

}  // namespace attest::report
