// What a rule says about outputs.
#pragma once

#include <vector>

#include "check/peers/rules.hpp"
#include "problem/problem.hpp"

namespace attest::check {

/// What a rule compares the outputs of one problem with.
struct PeerReference {
  std::vector<double> exact;    ///< in f64, not rounded
  std::vector<double> unfused;  ///< in the type of the problem; empty: the rule asks for none
  double envelope = 0;          ///< 95th percentile of the largest errors of correct kernels, where asked for
};

/// Whether the rule asks for PeerReference::unfused.
bool asks_for_unfused(PeerTest test);

PeerReference peer_reference(const PeerRule& rule, const Problem& problem);

/// max |got - exact|; NaN where a difference is.
double largest_error(const std::vector<double>& got, const std::vector<double>& exact);

/// Whether the suite would let these outputs of the problem pass. A NaN never does. Precondition: the rule
/// has limits for the problem's type.
bool accepts(const PeerRule& rule, const Problem& problem, const PeerReference& reference,
             const std::vector<double>& got);

}  // namespace attest::check
