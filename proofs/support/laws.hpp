// Laws of real arithmetic that solvers do not find among other facts, each proved on its own
// (SymbolicWorld::use).
#pragma once

#include <array>

namespace attest::proofs {

/// A part's share of a whole, multiplied out: m > 0 gives m * (x * (p / m)) = p * x.
struct ShareLaw {
  static constexpr const char* kName = "m * (x * (p / m)) = p * x";
  static constexpr std::array kParameters{"m", "p", "x"};
  template <class Number>
  auto applies(const Number& m, const Number&, const Number&) const {
    return m > 0;
  }
  template <class Number>
  auto claim(const Number& m, const Number& p, const Number& x) const {
    return m * (x * (p / m)) == p * x;
  }
};

/// What is divided, multiplied back: l > 0 gives (o / l) * l = o.
struct QuotientLaw {
  static constexpr const char* kName = "(o / l) * l = o";
  static constexpr std::array kParameters{"o", "l"};
  template <class Number>
  auto applies(const Number&, const Number& l) const {
    return l > 0;
  }
  template <class Number>
  auto claim(const Number& o, const Number& l) const {
    return (o / l) * l == o;
  }
};

/// A common factor cancels: m > 0 and m * x = m * y give x = y.
struct CancelLaw {
  static constexpr const char* kName = "m * x = m * y gives x = y";
  static constexpr std::array kParameters{"m", "x", "y"};
  template <class Number>
  auto applies(const Number& m, const Number&, const Number&) const {
    return m > 0;
  }
  template <class Number>
  auto claim(const Number& m, const Number& x, const Number& y) const {
    return implies(m * x == m * y, x == y);
  }
};

/// A quotient keeps its value when both its terms grow by c: c > 0, m > 0 and n = c * m give (c * p) / n = p
/// / m.
struct RatioLaw {
  static constexpr const char* kName = "(c * p) / (c * m) = p / m";
  static constexpr std::array kParameters{"c", "p", "m", "n"};
  template <class Number>
  auto applies(const Number& c, const Number&, const Number& m, const Number& n) const {
    return c > 0 && m > 0 && n == c * m;
  }
  template <class Number>
  auto claim(const Number& c, const Number& p, const Number& m, const Number& n) const {
    return (c * p) / n == p / m;
  }
};

/// Equal divisors give equal quotients.
struct DivisorLaw {
  static constexpr const char* kName = "n = m gives x / n = x / m";
  static constexpr std::array kParameters{"x", "m", "n"};
  template <class Number>
  auto applies(const Number&, const Number& m, const Number& n) const {
    return m > 0 && n == m;
  }
  template <class Number>
  auto claim(const Number& x, const Number& m, const Number& n) const {
    return x / n == x / m;
  }
};

/// An inequality may be scaled: f >= 0 and x <= y give x * f <= y * f.
struct ScaleLaw {
  static constexpr const char* kName = "x <= y gives x * f <= y * f";
  static constexpr std::array kParameters{"x", "y", "f"};
  template <class Number>
  auto applies(const Number& x, const Number& y, const Number& f) const {
    return x <= y && f >= 0;
  }
  template <class Number>
  auto claim(const Number& x, const Number& y, const Number& f) const {
    return x * f <= y * f;
  }
};

/// Bounds multiply: |x| <= a and |y| <= b give |x y| <= a b.
struct ProductLaw {
  static constexpr const char* kName = "|x| <= a and |y| <= b give |x y| <= a b";
  static constexpr std::array kParameters{"x", "y", "a", "b"};
  template <class Number>
  auto applies(const Number& x, const Number& y, const Number& a, const Number& b) const {
    return -a <= x && x <= a && -b <= y && y <= b;
  }
  template <class Number>
  auto claim(const Number& x, const Number& y, const Number& a, const Number& b) const {
    return -(a * b) <= x * y && x * y <= a * b;
  }
};

/// A bound may be divided: d > 0 and x <= b * d give x / d <= b.
struct DivideLaw {
  static constexpr const char* kName = "x <= b * d gives x / d <= b";
  static constexpr std::array kParameters{"x", "d", "b"};
  template <class Number>
  auto applies(const Number& x, const Number& d, const Number& b) const {
    return d > 0 && x <= b * d;
  }
  template <class Number>
  auto claim(const Number& x, const Number& d, const Number& b) const {
    return x / d <= b;
  }
};

}  // namespace attest::proofs
