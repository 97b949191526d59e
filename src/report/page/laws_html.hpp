// Laws by kernels, and the laws of one kernel.
#pragma once

#include "report/page/content.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

/// A row for each law and a column for each kernel; a cell leads to the law in the kernel's details.
Html law_matrix_html(const Content& content);
/// A row for each law: status, cases, bits, remarks. The rows have the ids that the matrix leads to.
Html kernel_laws_html(const check::KernelReport& report, std::size_t kernel);

}  // namespace attest::report::page
