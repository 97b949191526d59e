#include "check/explore/explore.hpp"

#include <algorithm>
#include <array>

#include "check/explore/ladder.hpp"
#include "check/explore/learn.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kSearchCalls = 320;  // for the first accepted problem
constexpr int kMostUnusual = 3;
constexpr std::size_t kBatch = 64;       // questions that a kernel with a slow start gets at once
constexpr std::int64_t kLongest = 1024;  // keys, of a question about the step of lengths
constexpr int kRefinements = 10;

using Extents = std::vector<std::int64_t>;

class Explorer {
 public:
  Explorer(Prober& prober, const ExploreOptions& options) : prober_(prober), options_(options) {}

  Region explore() {
    if (!find_base()) return region_;
    ask_dtypes();
    ask_causality();
    ask_dims();
    ask_lengths();
    ask_heads();
    ask_options();
    if (options_.lean) return region_;
    ask_again();
    ask_together();
    return region_;
  }

 private:
  const Outline& base() const { return region_.base(); }

  bool find_base() {
    std::vector<Outline> rungs = ladder(kMostUnusual);
    if (!options_.dtypes.empty()) {
      rungs.erase(std::remove_if(rungs.begin(), rungs.end(),
                                 [&](const Outline& rung) { return !is_wanted(rung.dtypes); }),
                  rungs.end());
    }
    if (rungs.size() > kSearchCalls) rungs.resize(kSearchCalls);
    for (std::size_t at = 0; at < rungs.size() && !prober_.exhausted(); ++at) {
      if (at % kBatch == 0) {
        prober_.announce({rungs.begin() + static_cast<std::ptrdiff_t>(at),
                          rungs.begin() + static_cast<std::ptrdiff_t>(std::min(rungs.size(), at + kBatch))});
      }
      if (takes(rungs[at])) return true;
    }
    return false;
  }

  bool is_wanted(const DTypePair& dtypes) const {
    return options_.dtypes.empty() ||
           std::find(options_.dtypes.begin(), options_.dtypes.end(), dtypes) != options_.dtypes.end();
  }

  bool takes(const Outline& outline) {
    const bool taken = prober_.takes(outline);
    if (taken) region_.accept(prober_.as_asked(outline));
    return taken;
  }

  // One question next to an outline that was taken.
  bool ask(const Outline& from, const Outline& to) {
    if (prober_.exhausted()) return false;
    if (takes(to)) return true;
    if (prober_.exhausted()) return false;
    const Outline asked = prober_.as_asked(to);
    const Atoms apart = differences(from, asked);
    if (!apart.empty()) region_.convict(from, asked, apart);
    declined_.emplace_back(from, asked);
    return false;
  }

  void ask_all(const Outline& from, const std::vector<Outline>& outlines) {
    prober_.announce(outlines);
    for (const Outline& to : outlines) ask(from, to);
  }

  void ask_dtypes() {
    std::vector<Outline> outlines;
    for (const DTypePair& dtypes : all_dtypes()) {
      if (dtypes == base().dtypes || !is_wanted(dtypes)) continue;
      outlines.push_back(base());
      outlines.back().dtypes = dtypes;
    }
    ask_all(Outline(base()), outlines);
  }

  static Outline with_causal(Outline outline, int kind) {
    outline.options.set(static_cast<std::size_t>(Feature::causal_top_left), kind == 1);
    outline.options.set(static_cast<std::size_t>(Feature::causal_bottom_right), kind == 2);
    return outline;
  }

  void ask_causality() {
    std::vector<Outline> outlines;
    for (const int kind : {0, 1, 2}) {
      Outline outline = with_causal(base(), kind);
      if (!(outline == base())) outlines.push_back(outline);
    }
    ask_all(Outline(base()), outlines);
  }

  static Outline with_lengths(Outline outline, std::int64_t q_len, std::int64_t kv_len) {
    outline.shape.q_len = q_len;
    outline.shape.kv_len = kv_len;
    return outline;
  }

  // The first problem with as few channels as the kernel takes: questions about lengths and heads cost less.
  Outline light() const {
    Outline outline = base();
    if (outline.shape.qk_dim != outline.shape.v_dim) return outline;
    for (const std::int64_t d : {8, 16, 32}) {
      if (region_.extents(Axis::dim).accepted().count(d) == 0 || d > outline.shape.qk_dim) continue;
      return with_dims(outline, d, d);
    }
    return outline;
  }

  void ask_lengths() {
    const Outline from = light();
    const std::int64_t n = std::max<std::int64_t>(from.shape.kv_len, 16);
    ask_all(from, {with_lengths(from, n, n), with_lengths(from, 1, n), with_lengths(from, n, 2 * n),
                   with_lengths(from, 2 * n, n)});
    const bool lean = options_.lean;
    const Extents few = lean ? Extents{1, 33, 64} : Extents{1, 3, 17, 33, 64, 100, 129, 192, 256};
    along(Lengthwise::square, Axis::square_len, 1, few, from,
          [&](std::int64_t m) { return with_lengths(from, m, m); });
    const Extents keys = lean ? Extents{33, 256} : Extents{3, 17, 64, 100, 129, 192, 256, 512, 1000};
    along(Lengthwise::decode, Axis::decode_kv_len, 2, keys, from,
          [&](std::int64_t m) { return with_lengths(from, 1, m); });
    const Extents above = lean ? Extents{n + 1, 2 * n + 1} : Extents{n + 1, n + 2, 3 * n, 4 * n, 2 * n + 44};
    const Extents below = lean ? Extents{33} : Extents{3, 17, 33, 64, 100};
    if (region_.decided(Lengthwise::more_keys) == Region::Decided::accepted) {
      along(Lengthwise::more_keys, Axis::kv_len, n + 1, above, with_lengths(from, n, 2 * n),
            [&](std::int64_t m) { return with_lengths(from, n, m); });
      along(Lengthwise::more_keys, Axis::q_len, 2, below, with_lengths(from, n, 2 * n),
            [&](std::int64_t m) { return with_lengths(from, m, 2 * n); });
    } else {
      along(Lengthwise::more_queries, Axis::q_len, n + 1, above, with_lengths(from, 2 * n, n),
            [&](std::int64_t m) { return with_lengths(from, m, n); });
      along(Lengthwise::more_queries, Axis::kv_len, 1, below, with_lengths(from, 2 * n, n),
            [&](std::int64_t m) { return with_lengths(from, 2 * n, m); });
    }
  }

  // Values of one axis, then those that tell its rule from a narrower one. Each is asked next to a problem
  // with the value that the axis is known to take.
  template <class Make>
  void along(Lengthwise lengthwise, Axis axis, std::int64_t least, const Extents& values, const Outline& like,
             Make make) {
    if (region_.decided(lengthwise) != Region::Decided::accepted) return;
    const Outline* found = nearest_of(lengthwise, like);
    if (found == nullptr) return;
    const Outline from = *found;
    std::vector<Outline> outlines;
    for (const std::int64_t n : values) {
      const Outline to = make(n);
      if (lengthwise_of(to.shape.q_len, to.shape.kv_len) == lengthwise) outlines.push_back(to);
    }
    ask_all(from, outlines);
    refine(axis, least, from, make);
  }

  const Outline* nearest_of(Lengthwise lengthwise, const Outline& like) const {
    const Outline* found = region_.nearest(like);
    if (found == nullptr) return nullptr;
    return lengthwise_of(found->shape.q_len, found->shape.kv_len) == lengthwise ? found
                                                                                : accepted_of(lengthwise);
  }

  const Outline* accepted_of(Lengthwise lengthwise) const {
    const std::int64_t n = std::max<std::int64_t>(base().shape.kv_len, 16);
    switch (lengthwise) {
      case Lengthwise::square:
        return region_.nearest(with_lengths(base(), n, n));
      case Lengthwise::decode:
        return region_.nearest(with_lengths(base(), 1, n));
      case Lengthwise::more_keys:
        return region_.nearest(with_lengths(base(), n, 2 * n));
      default:
        return region_.nearest(with_lengths(base(), 2 * n, n));
    }
  }

  template <class Make>
  void refine(Axis axis, std::int64_t least, const Outline& from, Make make) {
    for (int i = 0; i < kRefinements && !options_.lean; ++i) {
      const auto next = region_.extents(axis).next_question(least, kLongest);
      if (!next) return;
      const std::size_t seen =
          region_.extents(axis).accepted().size() + region_.extents(axis).declined().size();
      ask(from, make(*next));
      if (region_.extents(axis).accepted().size() + region_.extents(axis).declined().size() == seen) return;
    }
  }

  void ask_heads() {
    const Outline from = light();
    std::vector<Outline> outlines;
    const auto add = [&](std::int64_t batch, std::int64_t kv_heads, std::int64_t group) {
      Outline outline = from;
      outline.shape.batch = batch;
      outline.shape.kv_heads = kv_heads;
      outline.shape.q_heads = kv_heads * group;
      if (!(outline == from)) outlines.push_back(outline);
    };
    const std::int64_t group = from.shape.q_heads / from.shape.kv_heads;
    for (const std::int64_t batch : options_.lean ? Extents{2} : Extents{1, 2, 3, 16})
      add(batch, from.shape.kv_heads, group);
    for (const std::int64_t heads : options_.lean ? Extents{2} : Extents{1, 2, 3, 8})
      add(from.shape.batch, heads, group);
    for (const std::int64_t g : options_.lean ? Extents{1, 2} : Extents{1, 2, 3, 8, 24})
      add(from.shape.batch, from.shape.kv_heads, g);
    ask_all(from, outlines);
  }

  static Outline with_dims(Outline outline, std::int64_t qk_dim, std::int64_t v_dim) {
    outline.shape.qk_dim = qk_dim;
    outline.shape.v_dim = v_dim;
    return outline;
  }

  void ask_dims() {
    const Outline from = base();
    std::vector<Outline> outlines;
    for (const std::int64_t d : options_.lean
                                    ? Extents{33, 64, 128}
                                    : Extents{1, 3, 8, 16, 33, 40, 64, 72, 80, 96, 128, 192, 256, 512})
      outlines.push_back(with_dims(from, d, d));
    ask_all(from, outlines);
    if (from.shape.qk_dim == from.shape.v_dim)
      refine(Axis::dim, 1, from, [&](std::int64_t d) { return with_dims(from, d, d); });
    outlines.clear();
    const ExtentSet& dims = region_.extents(Axis::dim).set();
    for (const auto& [qk, v] : {std::pair{64, 128}, {128, 64}, {192, 128}, {576, 512}, {40, 24}, {16, 64}}) {
      const bool usual = (qk == 192 || qk == 576);
      if (usual || (dims.contains(qk) && dims.contains(v))) outlines.push_back(with_dims(from, qk, v));
    }
    if (options_.lean && outlines.size() > 2) outlines.resize(2);
    ask_all(from, outlines);
  }

  // Where layouts show: several rows, heads and batches, as far as the kernel takes them.
  Outline for_layouts() {
    const Outline outline = light();
    for (const auto& [batch, heads] : {std::pair{2, 2}, {1, 2}, {2, 1}}) {
      Outline trial = outline;
      const std::int64_t group = trial.shape.q_heads / trial.shape.kv_heads;
      trial.shape.batch = batch;
      trial.shape.kv_heads = heads;
      trial.shape.q_heads = heads * group;
      if (takes(trial)) return trial;
    }
    return outline;
  }

  void ask_options() {
    const Outline from = for_layouts();
    std::vector<Outline> outlines;
    const auto toggled = [](Outline outline, Feature f) {
      outline.options.flip(static_cast<std::size_t>(f));
      return outline;
    };
    std::vector<Feature> later;
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const auto feature = static_cast<Feature>(f);
      if (!is_option(feature) || feature == Feature::causal_top_left ||
          feature == Feature::causal_bottom_right)
        continue;
      const bool laid_out = feature == Feature::strided_out || feature == Feature::shared_address ||
                            feature == Feature::far_offsets;
      if (laid_out && !options_.layouts) continue;
      if (lacks_prerequisite(feature, from.options))
        later.push_back(feature);
      else
        outlines.push_back(toggled(from, feature));
    }
    ask_all(from, outlines);
    for (const Feature f : later) {
      for (const Feature given :
           {Feature::bias, Feature::mask, Feature::scale, Feature::alibi, Feature::sink, Feature::kv_lens}) {
        Outline with = from;
        with.options.add(given);
        if (lacks_prerequisite(f, with.options) || region_.decided(given) != Region::Decided::accepted)
          continue;
        if (ask(with, toggled(with, f))) break;
      }
    }
  }

  // What was declined next to the first problem may be taken next to others.
  void ask_again() {
    const std::vector<std::pair<Outline, Outline>> declined = std::move(declined_);
    declined_.clear();
    std::int64_t left = 96;
    for (const auto& [from, outline] : declined) {
      const Atoms apart = differences(from, outline);
      const bool worth = apart.size() == 1 && (apart.front().kind <= Atom::Kind::option ||
                                               apart.front().kind == Atom::Kind::lengths);
      if (!worth || region_.taken(outline, apart.front())) continue;
      if (apart.front().kind == Atom::Kind::lengths &&
          region_.decided(lengthwise_of(outline.shape.q_len, outline.shape.kv_len)) !=
              Region::Decided::declined)
        continue;
      for (const Outline& other : elsewhere(outline, apart.front())) {
        if (left-- <= 0 || prober_.exhausted()) return;
        if (!takes(other)) continue;
        learn_from(region_, prober_, outline);
        break;
      }
    }
  }

  std::vector<Outline> elsewhere(const Outline& outline, const Atom& choice) const {
    std::vector<Outline> others;
    const auto add = [&](const Outline& other) {
      Outline trial = with_choices(other, outline, {choice});
      if (!(trial == outline)) others.push_back(trial);
    };
    for (const int kind : {2, 1, 0}) {
      const Outline causal = with_causal(base(), kind);
      if (!(causal == base()) && choice.kind != Atom::Kind::causal) add(causal);
    }
    const std::int64_t n = std::max<std::int64_t>(base().shape.kv_len, 16);
    if (choice.kind != Atom::Kind::lengths) {
      add(with_lengths(base(), 1, n));
      add(with_lengths(base(), n, n));
    }
    if (choice.kind != Atom::Kind::dims) {
      add(with_dims(base(), 128, 128));
      add(with_dims(base(), 64, 64));
      add(with_dims(base(), 16, 16));
    }
    Outline lens = base();
    lens.options.add(Feature::kv_lens);
    add(lens);
    // An option that has to be there may stand in for another.
    if (choice.kind == Atom::Kind::option && !outline.options.has(choice.feature)) {
      for (std::size_t f = 0; f < kFeatures; ++f) {
        if (region_.decided(static_cast<Feature>(f)) != Region::Decided::accepted) continue;
        if (base().options.test(f) || lacks_prerequisite(static_cast<Feature>(f), outline.options)) continue;
        Outline other = base();
        other.options.set(f);
        add(other);
      }
    }
    if (choice.kind == Atom::Kind::dtypes) {
      Outline decoding = with_lengths(lens, 1, n);
      add(with_dims(decoding, 128, 128));
    }
    return others;
  }

  // Every accepted option on top of the ones before, then the same with each of the dtypes, lengths and
  // heads: what is declined only together shows.
  void ask_together() {
    Outline all = light();
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const auto feature = static_cast<Feature>(f);
      if (!is_option(feature) || region_.decided(feature) != Region::Decided::accepted) continue;
      if (feature == Feature::causal_top_left || feature == Feature::zero_scale) continue;
      if (all.options.has(feature) || lacks_prerequisite(feature, all.options)) continue;
      Outline more = all;
      if (feature == Feature::causal_bottom_right)
        more.options.set(static_cast<std::size_t>(Feature::causal_top_left), false);
      more.options.add(feature);
      if (takes(more))
        all = more;
      else
        learn_from(region_, prober_, more);
      if (prober_.exhausted()) return;
    }
    std::vector<Outline> others;
    for (const DTypePair& dtypes : all_dtypes()) {
      if (region_.decided(dtypes) != Region::Decided::accepted || dtypes == all.dtypes) continue;
      others.push_back(all);
      others.back().dtypes = dtypes;
    }
    const std::int64_t n = std::max<std::int64_t>(base().shape.kv_len, 16);
    for (const Outline& other :
         {with_lengths(all, 1, n), with_lengths(all, n, 2 * n), with_lengths(all, 2 * n, n)}) {
      if (region_.admits(other)) others.push_back(other);
    }
    prober_.announce(others);
    for (const Outline& other : others) {
      if (!takes(other) && !prober_.exhausted()) learn_from(region_, prober_, other);
    }
  }

  Prober& prober_;
  const ExploreOptions& options_;
  Region region_;
  std::vector<std::pair<Outline, Outline>> declined_;  // after what was taken
};

}  // namespace

Region explore(Prober& prober, const ExploreOptions& options) { return Explorer(prober, options).explore(); }

}  // namespace attest::check
