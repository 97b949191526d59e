// The result does not depend on the number of threads.
//
// What it adds to "definition": other splits of rows and keys, and races that one thread cannot have. Whether
// the bits agree is reported. Half of its problems are single rows over many keys, because that is where
// kernels have nothing but keys to split.

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/relations/two_runs.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  return p.batch() * p.q_len() == 0 ? "there is no row" : "";
}

constexpr std::int64_t kManyKeys = 1200;

std::optional<Problem> prepare(const Problem& p, std::uint64_t seed) {
  const std::int64_t keys = p.kv_len();
  if (p.batch() * p.q_len() * keys == 0) return std::nullopt;
  if (seed % 2 == 0) return p;
  const auto drawn = static_cast<std::int64_t>(seed >> 8);
  std::vector<std::int64_t> repeated;
  for (std::int64_t j = 0; j < keys; ++j)
    repeated.insert(repeated.end(), static_cast<std::size_t>((kManyKeys + keys - 1) / keys), j);
  return with_keys(with_batches(with_queries(p, {drawn % p.q_len()}), {drawn % p.batch()}), repeated);
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  for (const int threads : {1, 2, 3}) {
    made.push_back({fmt::format("{} thread{}", threads, threads == 1 ? "" : "s"), p});
    made.back().threads = threads;
  }
  return made;
}

}  // namespace

Law thread_invariance_law() {
  // Libraries whose threads spin take milliseconds a call where processors are few.
  return {.id = LawId::thread_invariance,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .prepare = prepare,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.01};
}

}  // namespace attest::laws
