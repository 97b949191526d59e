// Generic code that compares numbers must not compile over a symbolic semantics: z3::expr converts to bool,
// so a kernel over bare terms would compile, take one branch, and prove another program.
//
// Compiled with -DFAULT=0 (the recurrence as it is, must compile) to 5 (one comparison each, must not), over
// -DSEMANTICS=Z3Real and others. Over floats, and over bare terms, every fault compiles: the faults are valid
// code, so it is the wrappers of the symbolic types that reject them.
#include <algorithm>
#include <vector>

#include "attention/guarded.hpp"
#include "attention/run.hpp"
#include "semantics/condition.hpp"
#include "semantics/z3_fp.hpp"
#include "semantics/z3_real.hpp"
#include "semantics/z3_rounded.hpp"

namespace attest::semantics {

// What the symbolic semantics would be without wrappers: the trap itself.
struct BareTerms {
  using Score = z3::expr;
  using Acc = z3::expr;
  using Condition = attest::semantics::Condition;
  Score max(const Score& s, const Score& t) const { return z3::ite(s < t, t, s); }
  Score sub(const Score& s, const Score& t) const { return s / t; }
  Acc exp(const Score& s) const { return s; }
  Acc probability(const Acc& x) const { return x; }
  Acc one() const { return context->real_val(1); }
  Acc add(const Acc& x, const Acc& y) const { return x + y; }
  Acc mul(const Acc& x, const Acc& y) const { return x * y; }
  Acc div(const Acc& x, const Acc& y) const { return x / y; }
  z3::context* context;
};

// A wrong merge: each fault replaces the running max by a comparison of its own.
template <Semantics A>
typename A::Score running_max(const A& k, const attention::State<A>& a, const attention::State<A>& b) {
#if FAULT == 1
  return a.m < b.m ? b.m : a.m;
#elif FAULT == 2
  return std::max(a.m, b.m);
#elif FAULT == 3
  if (a.l == b.l) return b.m;
#elif FAULT == 4
  if (k.sub(a.m, b.m)) return a.m;
#elif FAULT == 5
  return a.l ? a.m : b.m;
#endif
  return k.max(a.m, b.m);
}

template <Semantics A>
typename A::Acc merged(const A& k, attention::State<A> a, const attention::State<A>& b) {
  a.m = running_max(k, a, b);
  merge_into(k, a, b);
  step(k, a, b.m, b.o);
  return finalize(k, a)[0];
}

template SEMANTICS::Acc merged(const SEMANTICS&, attention::State<SEMANTICS>,
                               const attention::State<SEMANTICS>&);

template <class T>
concept Branches = requires(T t) {
  t ? 1 : 0;
};
static_assert(Branches<z3::expr>, "the trap is gone: z3::expr no longer converts to bool");
static_assert(!Branches<Condition> && !Branches<Z3Real::Condition> && !Branches<Z3Fp::Condition>);

}  // namespace attest::semantics
