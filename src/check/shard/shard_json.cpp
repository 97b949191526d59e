#include "check/shard/shard_json.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "check/case_file/case_file.hpp"
#include "check/checker/relaxed_contract.hpp"
#include "check/generate/families.hpp"
#include "check/shard/record_io.hpp"
#include "check/shard/report_record.hpp"
#include "files/byte_source.hpp"
#include "files/strict_json.hpp"
#include "problem/quote.hpp"

namespace attest::check {

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;
// An operator has thousands of forms, which the report next to the record lists as members of an object.
constexpr files::JsonLimits kLimits{.values = std::size_t{1} << 23, .members = 8192, .depth = 24};
// Past this, sums of counts could overflow.
constexpr std::size_t kMostEvents = std::size_t{1} << 20;

// Contracts that merging judges evidence by.
void require_contracts(const ShardRecord& r, const std::string& where) {
  try {
    oracle::contract_for(r.report.declared_contract, DType::f32, DType::f32);
    for (const std::vector<faults::Evidence>& evidence : r.evidence) {
      for (const faults::Evidence& e : evidence) {
        const oracle::ContractSet contract =
            oracle::contract_for(r.report.declared_contract, e.problem.q.dtype(), e.problem.k.dtype());
        if (r.report.inferred) relaxed(contract, r.report.inferred->fields);
      }
    }
  } catch (const oracle::ContractError&) {
    bad_record(where + ".report", "has a contract that is none");
  }
}

// What reports and merging take for granted.
void require_sound(const ShardRecord& r, const std::string& where) {
  if (r.shard.count < 1 || r.shard.count > kMostShards || r.shard.index < 1 || r.shard.index > r.shard.count)
    bad_record(where + ".shard", "is no part of a whole");
  if (r.report.families.size() != families().size())
    bad_record(where + ".report.families", fmt::format("must be {} families", families().size()));
  for (const FamilyReport& family : r.report.families) {
    if (family.cases < 0 || family.declined < 0) bad_record(where + ".report.families", "must be counts");
  }
  for (const CoverageReport::Row& row : r.report.coverage.features) {
    if (row.cases.size() != r.report.coverage.shapes.size())
      bad_record(where + ".report.coverage", "must have a number of cases for each shape");
  }
  require_contracts(r, where);
  constexpr std::size_t kMostFindings = 64;
  constexpr std::size_t kMostEvidence = 16;
  if (r.report.findings.size() > kMostFindings || r.evidence.size() != r.report.findings.size())
    bad_record(where + ".evidence",
               fmt::format("must be that of each finding, of at most {}", kMostFindings));
  if (r.shows_without_form.size() != r.report.findings.size())
    bad_record(where + ".shows_without_form", "must be that of each finding");
  for (const std::vector<faults::Evidence>& evidence : r.evidence) {
    if (evidence.size() > kMostEvidence)
      bad_record(where + ".evidence", fmt::format("must be at most {}", kMostEvidence));
  }
  if (r.events.size() > kMostEvents)
    bad_record(where + ".events", fmt::format("must be at most {}", kMostEvents));
  for (const ShardEvent& event : r.events) {
    if (event.number < 0 || event.family >= families().size())
      bad_record(where + ".events", "must be cases of the campaign");
  }
}

// Of every part alike, however early it ended.
RecordJson campaign_json(const ShardRecord& r) {
  return {{"kernel", RecordWriter::write(r.report.info)},
          {"effort", r.effort},
          {"seed", r.report.seed},
          {"planned", r.report.planned},
          {"needed", r.needed},
          {"declared contract", r.report.declared_contract}};
}

// Of every part alike that ran to its end.
RecordJson answers_json(const ShardRecord& r) {
  return {{"cases", r.report.cases},
          {"declined", r.report.declined},
          {"left_out", r.left_out},
          {"families", RecordWriter::write(r.report.families)},
          {"facts", RecordWriter::write(r.facts)},
          {"coverage", RecordWriter::write(r.report.coverage)}};
}

std::string first_difference(const RecordJson& a, const RecordJson& b) {
  for (const auto& [name, value] : a.items()) {
    if (value != b.at(name)) return name + " differs";
  }
  return "";
}

std::vector<ShardRecord> records_of(const RecordJson& json) {
  const auto kernels = json.is_object() ? json.find("kernels") : json.end();
  if (!json.is_object() || kernels == json.end() || !kernels->is_array() || kernels->empty())
    bad_record("it", "must be the JSON of attest check --shard");
  std::vector<ShardRecord> records;
  for (const RecordJson& kernel : *kernels) {
    const std::string where = fmt::format("kernels[{}].shard", records.size());
    const auto shard = kernel.is_object() ? kernel.find("shard") : kernel.end();
    if (!kernel.is_object() || shard == kernel.end())
      bad_record(where, "is missing: it is written by attest check --shard");
    ShardRecord record;
    RecordReader::read(*shard, where, record);
    require_sound(record, where);
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace

nlohmann::ordered_json shard_json(const ShardRecord& record) { return RecordWriter::write(record); }

std::vector<ShardRecord> parse_shards(std::string_view text) {
  try {
    return records_of(files::parse_json(text, kLimits));
  } catch (const nlohmann::json::exception&) {
    throw files::FileFormatError("shard file: has a text that is not UTF-8");
  }
}

std::vector<ShardRecord> read_shards(const std::string& path) {
  const files::FileSource file(path, kMostBytes);
  std::string text(file.size(), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  const std::string shown = quote(path, files::kShownPath);
  try {
    return parse_shards(text);
  } catch (const files::FileFormatError& error) {
    throw files::FileFormatError(fmt::format("{}: {}", shown, error.what()));
  } catch (const CaseFileError& error) {
    throw CaseFileError(fmt::format("{}: {}", shown, error.what()));
  } catch (const std::bad_alloc&) {
    throw files::FileFormatError(shown + ": needs more memory than there is");
  }
}

std::string why_other_campaign(const ShardRecord& a, const ShardRecord& b) {
  const std::string why = first_difference(campaign_json(a), campaign_json(b));
  if (!why.empty() || a.report.stopped_early || b.report.stopped_early) return why;
  return first_difference(answers_json(a), answers_json(b));
}

}  // namespace attest::check
