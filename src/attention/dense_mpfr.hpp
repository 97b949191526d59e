// The dense form's scalar of 201 bits.
#pragma once

#include <boost/multiprecision/eigen.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include "attention/dense.hpp"

namespace attest::attention {

/// MPFR's correctly rounded operations, unit roundoff 2^-201. Its operators take the precision from the type,
/// where those of semantics/mpfr.hpp's numbers would take it from the state of a thread.
using DenseMpfr = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<60>,
                                                boost::multiprecision::et_off>;
static_assert(std::numeric_limits<DenseMpfr>::digits == 201);

}  // namespace attest::attention
