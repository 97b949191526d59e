#include "check/shard/merge.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/shard/merge_findings.hpp"
#include "check/shard/shard_json.hpp"
#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"

namespace attest::check {
namespace {

using Parts = std::vector<ShardRecord>;

// In the order of the parts, each once: one that ran to its end rather than one that ended early.
void sort_parts(Parts& parts) {
  const auto before = [](const ShardRecord& a, const ShardRecord& b) {
    return std::pair(a.shard.index, a.report.stopped_early) <
           std::pair(b.shard.index, b.report.stopped_early);
  };
  std::stable_sort(parts.begin(), parts.end(), before);
  const auto same = [](const ShardRecord& a, const ShardRecord& b) { return a.shard.index == b.shard.index; };
  parts.erase(std::unique(parts.begin(), parts.end(), same), parts.end());
}

// The part that saw most of the campaign.
const ShardRecord& fullest(const Parts& parts) {
  const auto by_cases = [](const ShardRecord& a, const ShardRecord& b) {
    return a.report.cases + a.report.declined < b.report.cases + b.report.declined;
  };
  return *std::max_element(parts.begin(), parts.end(), by_cases);
}

void require_one_campaign(const Parts& parts) {
  const ShardRecord& full = fullest(parts);
  for (const ShardRecord& part : parts) {
    if (part.shard.count != full.shard.count)
      throw files::FileFormatError(
          fmt::format("{} and {} are not shards of one campaign", full.shard.text(), part.shard.text()));
    if (const std::string why = why_other_campaign(full, part); !why.empty())
      throw files::FileFormatError(fmt::format("shards {} and {} of {} are not of one campaign: {}",
                                               full.shard.text(), part.shard.text(),
                                               quote(full.report.info.name), why));
  }
}

std::vector<const ShardEvent*> events_of(const Parts& parts) {
  std::vector<const ShardEvent*> events;
  for (const ShardRecord& part : parts) {
    for (const ShardEvent& event : part.events) events.push_back(&event);
  }
  // Of one case they stay in their order.
  std::stable_sort(events.begin(), events.end(),
                   [](const ShardEvent* a, const ShardEvent* b) { return a->number < b->number; });
  return events;
}

void replay(const Parts& parts, const std::vector<const ShardEvent*>& events, const std::string& fields,
            KernelReport& report) {
  const ShardRecord& part = fullest(parts);
  Ledger ledger;
  for (std::size_t f = 0; f < part.report.families.size(); ++f)
    ledger.declined(f, part.report.families[f].declined);
  ledger.left_out(part.left_out);
  for (const ShardEvent* event : events) {
    // A case that only other parts judge is none that was answered: one of them may be missing.
    if (!event->prepared) ledger.answered(event->family);
    CheckedProblem checked = event->checked;
    if (event->fields != fields) checked.noise = {};  // in units of another contract
    if (event->prepared)
      ledger.prepared(checked);
    else
      ledger.checked(event->family, checked, event->where);
  }
  ledger.fill(report, part.needed);
}

// As Checker::describe of the whole would say it: each dtype was answered in some part.
void describe_contracts(const Parts& parts, KernelReport& report) {
  std::vector<ContractReport> seen;
  bool declared = false;
  std::set<std::string> texts;
  for (const ShardRecord& part : parts) {
    declared = declared || part.report.contract_declared;
    for (const ContractReport& entry : part.report.contracts) {
      texts.insert(entry.text);
      const auto same =
          std::find_if(seen.begin(), seen.end(), [&](const auto& s) { return s.text == entry.text; });
      if (same == seen.end()) {
        seen.push_back(entry);
        continue;
      }
      same->lengths.merge(entry.lengths);
      for (const std::string& dtypes : entry.dtypes) {
        if (std::find(same->dtypes.begin(), same->dtypes.end(), dtypes) == same->dtypes.end())
          same->dtypes.push_back(dtypes);
      }
    }
    if (const auto keys = part.report.saturates_at)
      report.saturates_at = std::min(report.saturates_at.value_or(*keys), *keys);
  }
  std::vector<std::string> order;
  for (const DType q : {DType::f64, DType::f32, DType::f16, DType::bf16}) {
    for (const DType kv : {DType::f64, DType::f32, DType::f16, DType::bf16})
      order.push_back(name_of(DTypePair{q, kv}));
  }
  const auto place = [&](const std::string& dtypes) { return std::find(order.begin(), order.end(), dtypes); };
  for (ContractReport& entry : seen)
    std::stable_sort(entry.dtypes.begin(), entry.dtypes.end(),
                     [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  std::stable_sort(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
  report.contracts = std::move(seen);
  report.contract_declared = declared;
  report.contract = declared ? report.declared_contract : fmt::format("{}", fmt::join(texts, ", "));
}

void merge_memory(const Parts& parts, MemoryReport& memory) {
  for (const ShardRecord& part : parts) {
    const MemoryReport& one = part.report.memory;
    if (one.stack_bytes.value_or(0) > memory.stack_bytes.value_or(0) || !memory.stack_bytes) {
      memory.stack_bytes = one.stack_bytes;
      memory.stack_case = one.stack_case;
    }
    if (one.heap_bytes.value_or(0) > memory.heap_bytes.value_or(0) || !memory.heap_bytes) {
      memory.heap_bytes = one.heap_bytes;
      memory.heap_case = one.heap_case;
    }
  }
}

// The contract that the parts found out. Where they disagree, the verdict has to wait for a declared one.
void merge_inferred(const Parts& parts, KernelReport& report) {
  std::set<std::string> texts;
  for (const ShardRecord& part : parts) {
    if (!part.report.inferred) continue;
    const InferredContract& one = *part.report.inferred;
    texts.insert(one.text);
    if (!report.inferred)
      report.inferred = one;
    else if (one.from_case < report.inferred->from_case)
      report.inferred->from_case = one.from_case;
  }
  if (texts.size() > 1)
    report.mistrust.push_back(fmt::format(
        "the shards inferred different contracts ({}): declare one by --contract", fmt::join(texts, "; ")));
}

std::vector<std::int64_t> lost_parts(const Parts& parts) {
  std::vector<std::int64_t> lost;
  std::size_t next = 0;
  for (std::int64_t index = 1; index <= parts.front().shard.count; ++index) {
    if (next < parts.size() && parts[next].shard.index == index)
      ++next;
    else
      lost.push_back(index);
  }
  return lost;
}

void merge_ends(const Parts& parts, KernelReport& report) {
  for (const ShardRecord& part : parts) {
    const KernelReport& one = part.report;
    report.seconds += one.seconds;
    report.shrink_steps_left_out += one.shrink_steps_left_out;
    if (one.first_broken)
      report.first_broken = std::min(report.first_broken.value_or(*one.first_broken), *one.first_broken);
    if (!one.stopped_early || report.stopped_early) continue;
    report.stopped_early = true;
    report.why_stopped = fmt::format("shard {}: {}", part.shard.text(), one.why_stopped);
  }
}

}  // namespace

MergedReport merge_shards(Parts parts) {
  require_one_campaign(parts);
  sort_parts(parts);
  MergedReport merged;
  merged.effort = parts.front().effort;
  merged.spec = parts.front().spec;
  merged.lost = lost_parts(parts);
  KernelReport& report = merged.report;
  const KernelReport& full = fullest(parts).report;
  report.info = full.info;
  report.seed = full.seed;
  report.planned = full.planned;
  report.declared_contract = full.declared_contract;
  report.coverage = full.coverage;
  const CampaignFacts facts = fullest(parts).facts;
  merge_ends(parts, report);
  const std::vector<const ShardEvent*> events = events_of(parts);
  merge_inferred(parts, report);
  std::vector<std::string> mistrust = std::move(report.mistrust);
  replay(parts, events, report.inferred ? report.inferred->fields : "", report);
  report.mistrust.insert(report.mistrust.begin(), mistrust.begin(), mistrust.end());
  if (!merged.lost.empty())
    report.mistrust.push_back(fmt::format("shard{} {} of {} {} missing", merged.lost.size() > 1 ? "s" : "",
                                          fmt::join(merged.lost, ", "), parts.front().shard.count,
                                          merged.lost.size() > 1 ? "are" : "is"));
  describe_contracts(parts, report);
  merge_memory(parts, report.memory);
  report.findings = merged_findings(parts, events);
  conclude(report, facts);
  for (const ShardRecord& part : parts) {
    if (!part.forms.empty()) report.region.forms = part.forms;
  }
  add_form_findings(parts, report.findings);
  conclude_with_forms(report, facts);
  return merged;
}

}  // namespace attest::check
