// What `attest compare` compares: a kernel, perhaps with other threads, batches or contract, or a capture.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"

namespace attest::cli {

struct Operand {
  std::string name;          ///< as given, in reports
  std::string spec;          ///< of the kernel, or the capture's path
  int threads = 0;           ///< 0: the kernel's own choice
  std::int64_t batches = 0;  ///< at most so many at a time; 0: all
  std::string contract;      ///< empty: as declared
  bool capture = false;
};

/// Of "onednn", "onnxruntime:mha@threads=1", "./libmine.so@batches=1@contract=flash-f16", a capture, or a
/// whole family, which is several. `contract` applies to those that name none. Throws UsageError and
/// KernelOpenError.
std::vector<Operand> operands_from(const std::vector<std::string>& words, const std::string& contract);

/// Opens the kernel, changed as the operand says. Throws KernelOpenError.
std::unique_ptr<kernel::Kernel> open_operand(const Operand& operand);

}  // namespace attest::cli
