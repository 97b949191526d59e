#include "faults/kernels/tiled.hpp"

#include <vector>

#include "faults/kernels/row_pass.hpp"
#include "faults/kernels/view.hpp"

namespace attest::faulty {
namespace {

template <class Real>
void run(const attest_forward& p, KernelFault fault, const Arithmetic& arithmetic) {
  Operands operands(p, fault);
  RowPass<Real> pass(p, fault, arithmetic, operands);
  const std::int64_t heads = p.q->shape[1];
  const std::int64_t rows = p.q->shape[2];
  std::vector<Real> out;
  Real lse = 0;
  for (std::int64_t b = 0; b < p.q->shape[0]; ++b) {
    for (std::int64_t h = 0; h < heads; ++h) {
      operands.stage(b, operands.kv_head(h));
      for (std::int64_t i = 0; i < rows; ++i) {
        pass.run(b, h, i, out, lse);
        const std::int64_t place = h * rows + i;
        const bool transposed = fault == KernelFault::rows_transposed;
        const std::int64_t to_head = transposed ? place % heads : h;
        const std::int64_t to_row = transposed ? place / heads : i;
        for (std::size_t c = 0; c < out.size(); ++c) {
          store(*p.out, offset(*p.out, b, to_head, to_row, static_cast<std::int64_t>(c)), out[c]);
        }
        if (p.lse != nullptr) store(*p.lse, offset(*p.lse, b, h, i), lse);
      }
    }
  }
}

}  // namespace

int forward(const attest_forward& p, KernelFault fault, const Arithmetic& arithmetic) {
  if (p.abi != ATTEST_KERNEL_ABI || p.struct_size != sizeof p) return ATTEST_UNSUPPORTED;
  const Type q = type_of(*p.q);
  const Type kv = type_of(*p.k);
  if (q == Type::other || kv == Type::other) return ATTEST_UNSUPPORTED;
  if (arithmetic.no_lse && p.lse != nullptr) return ATTEST_UNSUPPORTED;
  Arithmetic used = arithmetic;
  if (fault == KernelFault::lse_base2_merged) used.merge_by_lse = true;
  if (fault == KernelFault::lse_base2_merged || fault == KernelFault::empty_split_uninitialised ||
      fault == KernelFault::empty_split_lse_zero) {
    used.splits = kSplits;
  }
  if (q == Type::f64 || kv == Type::f64)
    run<double>(p, fault, used);
  else
    run<float>(p, fault, used);
  return ATTEST_OK;
}

}  // namespace attest::faulty
