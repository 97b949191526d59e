#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "check/record/interruption.hpp"
#include "check/shard/shard_json.hpp"
#include "check/shard/shard_run.hpp"
#include "cli/campaigns.hpp"
#include "cli/check/options.hpp"
#include "cli/output/outputs.hpp"
#include "cli/output/progress.hpp"
#include "kernel/kernel.hpp"
#include "problem/quote.hpp"

namespace attest::cli {

check::Shard shard_of(const CheckOptions& options, const std::vector<std::string>& captures) {
  const std::optional<check::Shard> shard = check::shard_from(options.shard);
  if (!shard)
    throw UsageError(fmt::format("--shard: '{}' is not I/N with I from 1 to N, and N at most {}",
                                 quote(options.shard), check::kMostShards));
  if (!captures.empty())
    throw UsageError(fmt::format("--shard: {} is a capture, which has no cases", quote(captures.front())));
  const CiOptions& ci = options.ci;
  for (const auto& [flag, given] :
       {std::pair{"--baseline", !ci.baseline.empty()},
        std::pair{"--require-bitwise", !options.required_bits.empty()},
        std::pair{"--junit", !ci.junit.empty()}, std::pair{"--sarif", !ci.sarif.empty()},
        std::pair{"--github", ci.github}}) {
    if (given) throw UsageError(fmt::format("--shard: {} is for attest merge", flag));
  }
  if (options.races) throw UsageError("--shard: --races is for a check without --shard");
  if (options.common.json.empty()) throw UsageError("--shard: needs --json FILE, which attest merge reads");
  return *shard;
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
    mine.region = region_for_contract(*kernel, spec, mine);
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
  const std::filesystem::path path = std::filesystem::weakly_canonical(options.json, error);
  const std::string partial = fmt::format("{}.{}.partial", path.string(), ::getpid());
  std::ofstream out(partial);
  out << json.dump() << "\n";
  out.close();
  if (out) std::filesystem::rename(partial, path, error);
  if (out && !error) return;
  // The folder takes no new file, or the disk is full: write_json writes into the file itself, or says why
  // not.
  std::filesystem::remove(partial, error);
  write_json(options, json);
}

}  // namespace attest::cli
