// Whole numbers that know when 64 bits were too few.
#pragma once

#include <cstdint>
#include <optional>

namespace attest::space {

class Count {
 public:
  constexpr Count(std::uint64_t value) : value_(value) {}  // NOLINT: a number is a count
  constexpr std::optional<std::uint64_t> value() const {
    return lost_ ? std::nullopt : std::optional<std::uint64_t>(value_);
  }
  friend constexpr Count operator+(Count a, Count b) {
    Count sum = 0;
    sum.lost_ = __builtin_add_overflow(a.value_, b.value_, &sum.value_) || a.lost_ || b.lost_;
    return sum;
  }
  friend constexpr Count operator*(Count a, Count b) {
    Count product = 0;
    product.lost_ = __builtin_mul_overflow(a.value_, b.value_, &product.value_) || a.lost_ || b.lost_;
    return product;
  }

  /// C(n, k), 0 when k > n.
  static constexpr Count binomial(std::uint64_t n, std::uint64_t k) {
    if (k > n) return 0;
    if (n - k < k) k = n - k;
    Wide result = 1;  // C(n-k+i, i) after step i: the division is exact
    for (std::uint64_t i = 1; i <= k; ++i) {
      result = result * (n - k + i) / i;
      if (result > UINT64_MAX) return lost();
    }
    return static_cast<std::uint64_t>(result);
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr Count lost() {
    Count count = 0;
    count.lost_ = true;
    return count;
  }

  std::uint64_t value_;
  bool lost_ = false;
};

}  // namespace attest::space
