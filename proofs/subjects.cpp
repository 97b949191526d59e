#include "subjects.hpp"

#include <map>
#include <stdexcept>

namespace attest {

std::string subject_of(const std::string& theorem) {
  static const std::map<std::string, std::string> subjects{
      {"block-represents", "recurrence.hpp: block"},
      {"tile-loop", "online.hpp: accumulate"},
      {"tile-is-loop",
       "online.hpp: accumulate, absorb, rescale; lazy.hpp: lazy_absorb; guarded.hpp: guarded_absorb"},
      {"merge-adds-sums", "recurrence.hpp: merge"},
      {"splits-add-sums", "recurrence.hpp: block, merge"},
      {"step-is-merge", "recurrence.hpp: step, merge, block"},
      {"absorb-adds-sums", "online.hpp: absorb"},
      {"lazy-adds-sums", "lazy.hpp: lazy_absorb"},
      {"finalize-is-mean", "recurrence.hpp: finalize"},
      {"merge-commutes", "recurrence.hpp: merge"},
      {"merge-associates", "recurrence.hpp: merge"},
      {"state-determined", "recurrence.hpp: State"},
      {"merge-identity", "guarded.hpp: empty_state, guarded_merge_into"},
      {"finalize-injective", "lse.hpp: to_row"},
      {"shift-invariance", "recurrence.hpp: block, merge"},
      {"value-linearity", "recurrence.hpp: block, step, merge, finalize"},
      {"range", "recurrence.hpp: block, step, merge, finalize"},
      {"duplication", "recurrence.hpp: merge, finalize"},
      {"masked-keys", "guarded.hpp: empty_state, guarded_absorb"},
      {"guarded-is-recurrence",
       "guarded.hpp: empty_state, guarded_absorb, guarded_finalize; online.hpp: absorb"},
      {"lse-merge", "lse.hpp: to_row, to_state, merge"},
      {"lse-shift", "lse.hpp: to_row"},
      {"decode-is-prefill", "decode.hpp: decode; causal.hpp: prefill"},
      {"chunk-is-prefill", "decode.hpp: prefill_chunk"},
      {"layers-recompute", "layers.hpp: layer_row, recompute, CachedLayers"},
      {"flip-book-attention", "cells/flip_book.hpp: flip_book_row; cells/attention.hpp: AttentionCell"},
      {"affine-chain", "cells/affine.hpp: apply, chain_into"},
      {"cell-linear-attention",
       "cells/linear_attention.hpp: LinearAttention; cells/flip_book.hpp: flip_book_row"},
      {"cell-retention", "cells/retention.hpp: Retention"},
      {"cell-wkv", "cells/wkv.hpp: Wkv, plus"},
      {"cell-selective-scan", "cells/selective_scan.hpp: SelectiveScan"},
      {"e1-step", "online.hpp: accumulate"},
      {"e1-end", "recurrence.hpp: finalize"},
      {"e1-bounds", kBoundArithmetic},
      {"e1-quotient", kBoundArithmetic},
      {"e2-shift", "lazy.hpp: lazy_absorb"},
      {"a-two-sided", kBoundArithmetic},
      {"gradient", "backward.hpp: softmax_backward; recurrence.hpp: block, finalize"},
      {"no-nan-f16", "guarded.hpp: guarded_absorb"},
      {"no-nan-bf16", "guarded.hpp: guarded_absorb"},
      {"no-nan-f32", "guarded.hpp: guarded_absorb"},
      {"saturation-f16", "online.hpp: absorb"},
      {"saturation-bf16", "online.hpp: absorb"},
      {"saturation-f32", "online.hpp: absorb"},
      {"saturation-tiles", "online.hpp: accumulate"},
      {"numerator-within", "online.hpp: absorb"},
      {"numerator-within-e4m3", "online.hpp: absorb"},
      {"numerator-within-f16", "online.hpp: absorb"},
      {"numerator-within-f32", "online.hpp: absorb"},
      {"sentinel-1e4", "guarded.hpp: guarded_absorb"},
      {"sentinel-5e4", "guarded.hpp: guarded_absorb"},
      {"sentinel-zero", "guarded.hpp: guarded_absorb"},
      {"masked-fill", "guarded.hpp: empty_state, guarded_absorb"},
      {"empty-split", "lse.hpp: to_state; guarded.hpp: guarded_merge_into"},
      {"divide-once", "recurrence.hpp: step, finalize"},
      {"constant-space", kByTraces},
      {"space-invariant", kByTraces},
      {"rounding-dot-step", kBoundArithmetic},
      {"rounding-rescale-step", kBoundArithmetic},
      {"rounding-exp-argument", kBoundArithmetic},
  };
  const auto found = subjects.find(theorem);
  if (found == subjects.end()) throw std::logic_error("no subject for the theorem " + theorem);
  return found->second;
}

}  // namespace attest
