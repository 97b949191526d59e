#include "faults/kernels/tiled.hpp"

#include <atomic>
#include <vector>

#include "faults/kernels/misread.hpp"
#include "faults/kernels/row_pass.hpp"
#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

constexpr std::int64_t kManyRows = 1040;

// The row whose result is stored as that of row i.
std::int64_t row_computed(KernelFault fault, std::int64_t i, std::int64_t rows) {
  const bool last_tile = i / kTileRows == (rows - 1) / kTileRows;
  return fault == KernelFault::last_rows_repeated && rows >= kManyRows && last_tile ? kManyRows - 1 : i;
}

template <class Real>
void run(const attest_forward& p, KernelFault fault, const Arithmetic& arithmetic) {
  Operands operands(p, fault, arithmetic);
  RowPass<Real> pass(p, fault, arithmetic, operands);
  const std::int64_t heads = p.q->shape[1];
  const std::int64_t rows = p.q->shape[2];
  const bool stretched = fault == KernelFault::outputs_1_percent_f32 && type_of(*p.q) == Type::f32;
  std::vector<Real> out;
  Real lse = 0;
  for (std::int64_t b = 0; b < p.q->shape[0]; ++b) {
    for (std::int64_t h = 0; h < heads; ++h) {
      operands.stage(b, operands.kv_head(h));
      for (std::int64_t i = 0; i < rows; ++i) {
        pass.run(b, h, row_computed(fault, i, rows), out, lse);
        if (stretched) {
          for (Real& x : out) x *= static_cast<Real>(1.01F);
        }
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

int forward(const attest_forward& p, KernelFault fault, const Arithmetic& arithmetic, Memory* memory) {
  if (p.abi != ATTEST_KERNEL_ABI || p.struct_size != sizeof p) return ATTEST_UNSUPPORTED;
  const Type q = type_of(*p.q);
  const Type kv = type_of(*p.k);
  if (q == Type::other || kv == Type::other) return ATTEST_UNSUPPORTED;
  if (arithmetic.no_lse && p.lse != nullptr) return ATTEST_UNSUPPORTED;
  const Misread taken(p, fault, memory);
  Arithmetic used = arithmetic_of(fault, arithmetic);
  if (used.order_varies || used.stochastic_p) {
    static std::atomic<std::int64_t> calls{0};
    used.call = ++calls;
  }
  if (q == Type::f64 || kv == Type::f64)
    run<double>(taken.problem(), fault, used);
  else
    run<float>(taken.problem(), fault, used);
  return ATTEST_OK;
}

}  // namespace attest::faults::faulty
