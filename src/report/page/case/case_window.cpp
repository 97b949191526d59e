#include "report/page/case/case_window.hpp"

#include <algorithm>
#include <set>

#include "oracle/definition/visible.hpp"

namespace attest::report::page {
namespace {

constexpr std::size_t kMostRows = 8, kMostKeys = 8, kMostChannels = 6;

bool lies_in(const Place& place, const Problem& p) {
  return place.b < p.batch() && place.h < p.q_heads() && place.i < p.q_len() && place.channel < p.v_dim();
}

}  // namespace

std::vector<std::int64_t> some_of(std::int64_t count, const std::vector<std::int64_t>& wanted,
                                  std::size_t most) {
  std::set<std::int64_t> chosen;
  for (const std::int64_t i : wanted) {
    if (chosen.size() < most && i >= 0 && i < count) chosen.insert(i);
  }
  const std::set<std::int64_t> centres = chosen.empty() ? std::set<std::int64_t>{0} : chosen;
  for (std::int64_t away = 0; chosen.size() < most && away < count; ++away) {
    for (const std::int64_t centre : centres) {
      for (const std::int64_t i : {centre - away, centre + away}) {
        if (chosen.size() < most && i >= 0 && i < count) chosen.insert(i);
      }
    }
  }
  return {chosen.begin(), chosen.end()};
}

std::vector<Place> wrong_places(const check::Finding& finding) {
  if (finding.result) return finding.result->wrong;
  std::vector<Place> places;
  if (!finding.variant.empty()) return places;
  for (const oracle::Element& e : finding.elements) {
    if (lies_in(e, finding.problem)) places.push_back(e);
  }
  return places;
}

CaseWindow window_of(const check::Finding& finding) {
  const Problem& p = finding.problem;
  const std::vector<Place> wrong = wrong_places(finding);
  CaseWindow window;
  std::vector<std::int64_t> rows, channels;
  if (!wrong.empty()) {
    window.b = wrong.front().b;
    window.h = wrong.front().h;
  }
  for (const Place& place : wrong) {
    if (place.b != window.b || place.h != window.h) continue;
    rows.push_back(place.i);
    if (place.in(Output::out)) channels.push_back(place.channel);
  }
  window.rows = some_of(p.q_len(), rows, kMostRows);
  window.channels = some_of(p.v_dim(), channels, kMostChannels);
  std::vector<std::int64_t> keys;
  if (p.q_len() > 0) {
    const std::int64_t row = rows.empty() ? 0 : rows.front();
    const oracle::KeyRange range = oracle::key_range(p, window.b, row);
    keys = {range.begin, range.end - 1};
  }
  std::sort(keys.begin(), keys.end());
  window.keys = some_of(p.kv_len(), keys, kMostKeys);
  return window;
}

}  // namespace attest::report::page
