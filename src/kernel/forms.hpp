// A kernel that can be asked in every form of its operator: combinations of attributes and optional inputs
// that one variant of an adapter chooses among.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"
#include "numerics/draw.hpp"

namespace attest::kernel {

class FormKernel : public Kernel {
 public:
  /// Attributes joined by "; ", simple forms first.
  virtual const std::vector<std::string>& forms() const = 0;
  /// Later calls are asked in this form; none: in a form of the kernel's own choice.
  virtual void choose(std::optional<std::size_t> form) = 0;
  /// A problem that the form expresses.
  virtual Problem draw(std::size_t form, Draw& draw) const = 0;
  /// The operator's output that the form's result stands for; empty: its first.
  virtual std::string output(std::size_t form) const = 0;
  /// The library's words about the last call, if it refused the form; empty otherwise. Such a call counts as
  /// declined.
  virtual const std::string& refusal() const = 0;
};

/// Opens an expanded spec of an adapter whose operator has forms, in a worker process of its own. Null for
/// every other spec. Throws as open_kernel.
std::unique_ptr<FormKernel> open_in_forms(const std::string& spec);

}  // namespace attest::kernel
