// Evaluators of many layers as constrained Horn clauses: how many words are in use.
#pragma once

#include <string>

namespace attest::proofs {

/// Of one model: a frame for each layer under evaluation, and what rows share.
struct EvaluatorWords {
  std::size_t frame;
  std::size_t shared;
};

/// The recompute evaluator as procedure summaries. Eval(n, t, p): level n at token t has been evaluated, with
/// at most p words in use. Loop(n, t, j, p): level n at token t has read its own input and those of tokens
/// 0..j-1. Each clause is a piece of Recompute::evaluate (attention/transformer/recompute.hpp), and each
/// event of its trace is a fact of these (tests/prove/chc_trace_test.cpp).
std::string recompute_clauses(const EvaluatorWords& words);

/// The evaluator with a KV cache: Cached(n, t, p) holds p words after t tokens in n layers, `fixed` beside
/// `cached` words a layer and token (kv_cache.hpp).
std::string kv_cache_clauses(std::size_t fixed, std::size_t cached);

/// A script that derives false if the predicate holds somewhere with `claim` false; variables are n, t, p.
std::string horn_script(const std::string& clauses, const std::string& predicate, const std::string& claim);

/// Does a fact follow from the clauses? "(Eval 2 1 79)".
bool derives(const std::string& clauses, const std::string& fact);

}  // namespace attest::proofs
