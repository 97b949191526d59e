#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "check/checker/contract_probe.hpp"
#include "check/record/interruption.hpp"
#include "check/shard/shard_json.hpp"
#include "check/shard/shard_run.hpp"
#include "cli/campaigns.hpp"
#include "cli/output/outputs.hpp"
#include "cli/output/progress.hpp"
#include "kernel/kernel.hpp"
#include "problem/quote.hpp"

namespace attest::cli {

check::Shard shard_of(const std::string& text) {
  const std::optional<check::Shard> shard = check::shard_from(text);
  if (!shard)
    throw UsageError(fmt::format("--shard: '{}' is not I/N with I from 1 to N, and N at most {}", quote(text),
                                 check::kMostShards));
  return *shard;
}

void require_part(const std::string& shard, const std::vector<std::string>& captures,
                  const std::string& baseline, const std::string& required_bits) {
  shard_of(shard);
  if (!captures.empty())
    throw UsageError(fmt::format("--shard: {} is a capture, which has no cases", quote(captures.front())));
  for (const auto& [flag, value] :
       {std::pair{"--baseline", &baseline}, std::pair{"--require-bitwise", &required_bits}}) {
    if (!value->empty()) throw UsageError(fmt::format("--shard: {} is for attest merge", flag));
  }
}

std::vector<ShardRun> run_shards(const std::vector<std::string>& specs, const check::CampaignOptions& options,
                                 const check::Shard& shard, const CommonOptions& common) {
  std::vector<ShardRun> runs;
  ProgressLine line(specs.size(), common.quiet);
  for (const std::string& spec : specs) {
    if (check::stop_requested()) break;
    const std::unique_ptr<kernel::Kernel> kernel = kernel::open_kernel(spec);
    check::CampaignOptions mine = options;
    mine.kernel_spec = spec;
    mine.findings_dir.clear();  // attest merge writes them
    mine.jobs = threads_of(common);
    if (!mine.contract.empty()) {
      mine.region = check::explore_kernel(*kernel, mine);
      if (const std::string taken = check::why_contract_fits_nothing(*mine.region, mine.contract);
          !taken.empty())
        throw UsageError(fmt::format("--contract: {} fits no dtype that {} accepts, which are {}",
                                     mine.contract, quote(spec), taken));
    }
    mine.progress = [&line, at = runs.size()](const check::CampaignProgress& progress) {
      line.update(at, progress);
    };
    check::ShardRecord record = check::run_shard(*kernel, mine, shard);
    nlohmann::ordered_json json = check::shard_json(record);
    runs.push_back({std::move(record.report), std::move(json)});
  }
  line.clear();
  return runs;
}

void write_json_whole(const CommonOptions& options, const nlohmann::ordered_json& json) {
  std::error_code error;
  const auto kind = std::filesystem::status(options.json, error).type();
  const bool file =
      kind == std::filesystem::file_type::regular || kind == std::filesystem::file_type::not_found;
  if (options.json.empty() || options.json == "-" || !file) return write_json(options, json);
  const std::string partial = fmt::format("{}.{}.partial", options.json, ::getpid());
  std::ofstream out(partial);
  out << json.dump() << "\n";
  out.close();
  if (out) std::filesystem::rename(partial, options.json, error);
  if (!out || error)
    note_lost_output(fmt::format("--json: cannot write {}: {}", options.json, std::strerror(errno)));
}

}  // namespace attest::cli
