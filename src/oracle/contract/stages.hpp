// What happens to a score on its way from q and k to the softmax, in the order of the computation.
//
// The certified bound, the noise model and the emulated kernels that attack the bound walk this list, so that
// a contract's cast is one stage here and none of the three can leave it out. The list says what is rounded
// and to what. What that costs is each walker's own: the emulated kernels do the operation and must not share
// a term of the bound.
#pragma once

#include <array>
#include <cstddef>

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// What a stage acts on.
enum class Quantity : std::uint8_t {
  query,    ///< a channel of q, before or after the scale
  key,      ///< a channel of k, likewise
  product,  ///< q.k
  scaled,   ///< scale * q.k, with softcap where there is one
  bias,     ///< the bias of a key
  alibi,    ///< slope * distance
  score,    ///< the sum of the three
  sink,
};

enum class Step : std::uint8_t {
  cast,         ///< rounds to `to`
  quantise,     ///< converts a query to blocks of 8-bit integers
  dot,          ///< q.k, from the bias on where that is its first term
  scale,        ///< times the scale, unless q or both q and k were multiplied before
  cap,          ///< softcap * tanh(x / softcap)
  convert,      ///< f32 inputs become numbers of the narrower format of scores
  multiply,     ///< slope * distance, or slope * j
  add,          ///< scaled + bias - alibi, in any order
  to_base_two,  ///< times log2(e), where it is not part of the scale
};

struct Stage {
  Step step = Step::dot;
  Quantity of = Quantity::product;
  Cast to{};  ///< of a cast
};

class Stages {
 public:
  void push(const Stage& stage) { stages_.at(size_++) = stage; }
  /// Nothing where the contract has no such cast.
  void push_cast(Quantity of, const Cast& to) {
    if (to) push({Step::cast, of, to});
  }
  const Stage* begin() const { return stages_.data(); }
  const Stage* end() const { return stages_.data() + size_; }

 private:
  static constexpr std::size_t kMost = 16;
  std::array<Stage, kMost> stages_{};
  std::size_t size_ = 0;
};

/// What a problem's scores are made of besides scale * q.k.
struct ScoreParts {
  bool softcap = false, bias = false, alibi = false;
};

/// Of the score of a key.
Stages score_stages(const Contract& contract, const ScoreParts& parts);
/// Of the score of a sink.
Stages sink_stages(const Contract& contract);

/// Whether an error of the quantity grows with |scale| sum |q k|.
bool grows_with_product(Quantity quantity);

}  // namespace attest::oracle
