#include "check/peers/problems.hpp"

#include <cmath>
#include <numbers>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "check/tolerance/shape.hpp"
#include "check/tolerance/unfused.hpp"
#include "numerics/draw.hpp"

namespace attest::check {
namespace {

constexpr std::string_view kSoftcap = "softcap=";
constexpr std::string_view kSink = "sink=";
constexpr std::string_view kWindow = "window=";

// "LOW:HIGH"
std::pair<double, double> limits_in(const std::string& text) {
  return {std::stod(text), std::stod(text.substr(text.find(':') + 1))};
}

// A suite's own normal numbers have tails, which Draw::normal cuts off.
double normal(Draw& draw) {
  const double radius = std::sqrt(-2 * std::log(1 - draw.unit()));
  return radius * std::cos(2 * std::numbers::pi * draw.unit());
}

class Maker {
 public:
  Maker(const PeerRule& rule, DType dtype, Draw draw) : rule_(rule), dtype_(dtype), draw_(draw) {}

  Problem made(std::string_view shape) {
    std::istringstream words{std::string(shape)};
    std::string extents, word;
    for (int at = 0; at < 5 && words >> word; ++at) extents += (at == 0 ? "" : " ") + word;
    ToleranceQuery query;
    read_shape(extents, query);
    p_.q = filled(dtype_, {query.batch, query.q_heads, query.q_len, query.qk_dim});
    p_.k = filled(dtype_, {query.batch, query.kv_heads, query.kv_len, query.qk_dim});
    p_.v = filled(dtype_, {query.batch, query.kv_heads, query.kv_len, query.v_dim});
    p_.scale = rule_.scale != 0 ? rule_.scale : 1 / std::sqrt(static_cast<double>(query.qk_dim));
    p_.want_lse = false;
    while (words >> word) add(word);
    scale_query();
    return std::move(p_);
  }

 private:
  void add(const std::string& word) {
    if (word == "top-left") {
      p_.causal = Causal::top_left;
    } else if (word == "bottom-right") {
      p_.causal = Causal::bottom_right;
    } else if (word == "window") {
      p_.window_left = draw_.below(p_.kv_len());
      p_.window_right = draw_.below(p_.kv_len());
    } else if (word.rfind(kWindow, 0) == 0) {
      const auto [left, right] = limits_in(word.substr(kWindow.size()));
      p_.window_left = static_cast<std::int64_t>(left);
      p_.window_right = static_cast<std::int64_t>(right);
    } else if (word == "alibi") {
      add_alibi();
    } else if (word == "kv_lens") {
      p_.kv_lens = Tensor(DType::i32, {p_.batch()});
      for (std::int64_t b = 0; b < p_.batch(); ++b)
        p_.kv_lens->set({b}, static_cast<double>(draw_.between(1, p_.kv_len())));
    } else if (word.rfind(kSink, 0) == 0) {
      add_sink(word.substr(kSink.size()));
    } else if (word == "bias") {
      p_.bias = filled(DType::f32, {1, p_.q_heads(), p_.q_len(), p_.kv_len()});
    } else if (word.rfind(kSoftcap, 0) == 0) {
      p_.softcap = std::stod(word.substr(kSoftcap.size()));
    } else {
      throw std::invalid_argument("a peer's shape has the word " + word);
    }
  }

  void scale_query() {
    const double factor = rule_.inputs.query_per_softcap * p_.softcap;
    if (factor == 0) return;
    std::vector<double> values = p_.q.values();
    for (double& x : values) x *= factor;
    p_.q.assign(values);
  }

  // 2^(-8 (h + 1) / heads), as in the paper (Press et al. 2022).
  void add_alibi() {
    p_.alibi_slopes = Tensor(DType::f32, {p_.q_heads()});
    for (std::int64_t h = 0; h < p_.q_heads(); ++h)
      p_.alibi_slopes->set({h},
                           std::exp2(-8 * static_cast<double>(h + 1) / static_cast<double>(p_.q_heads())));
  }

  void add_sink(const std::string& limits) {
    const auto [low, high] = limits_in(limits);
    p_.sink = Tensor(DType::f32, {p_.q_heads()});
    for (std::int64_t h = 0; h < p_.q_heads(); ++h) p_.sink->set({h}, low + (high - low) * draw_.unit());
  }

  Tensor filled(DType dtype, std::vector<std::int64_t> shape) {
    Tensor tensor(dtype, std::move(shape));
    std::vector<double> values(static_cast<std::size_t>(tensor.count()));
    const PeerInputs& inputs = rule_.inputs;
    for (double& x : values) {
      x = inputs.fill == PeerFill::normal ? inputs.factor * normal(draw_)
                                          : inputs.low + inputs.factor * draw_.unit();
    }
    tensor.assign(values);
    return tensor;
  }

  const PeerRule& rule_;
  DType dtype_;
  Draw draw_;
  Problem p_;
};

}  // namespace

Problem peer_problem(const PeerRule& rule, std::string_view shape, DType dtype, std::uint64_t seed) {
  // The rule's name and the shape are part of the seed, so that a new row of the table changes no other.
  std::uint64_t state = mixed(seed);
  for (const std::string_view text : {rule.name, shape}) {
    for (const char c : text) state = mixed(state ^ static_cast<unsigned char>(c));
  }
  return Maker(rule, dtype, Draw(rc::Random(state))).made(shape);
}

std::vector<double> unfused_outputs(const Problem& p, DType type) {
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(p.batch() * p.q_heads() * p.q_len() * p.v_dim()));
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) {
        const std::vector<double> row = unfused_output(oracle::gather_row(p, b, h, i), type);
        out.insert(out.end(), row.begin(), row.end());
      }
    }
  }
  return out;
}

}  // namespace attest::check
