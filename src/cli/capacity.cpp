#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "report/space/capacity_report.hpp"

namespace attest::cli {
namespace {

struct CapacityCommand {
  CommonOptions common;
  space::CapacityShape shape;
  std::vector<std::uint64_t> lengths{4096, 131072};
};

constexpr std::uint64_t kUsualHeadDim = 128;

// What the user left open: the heads of a released model of these layers and hidden size, if there is one and
// none were given; else one key head a query head, of 128.
space::CapacityShape completed(space::CapacityShape s) {
  if (s.layers == 0 || s.hidden == 0) throw UsageError("--layers and --hidden must be given together");
  const bool open = s.q_heads + s.kv_heads + s.head_dim == 0;
  const auto known = std::ranges::find_if(space::known_models(), [&](const space::CapacityShape& model) {
    return model.layers == s.layers && model.hidden == s.hidden;
  });
  if (open && known != space::known_models().end()) {
    s = *known;
    s.name += " (with its heads; --q-heads, --kv-heads and --head-dim override them)";
    return s;
  }
  s.name = "this model";
  if (s.head_dim == 0) s.head_dim = s.q_heads > 0 ? s.hidden / s.q_heads : std::min(s.hidden, kUsualHeadDim);
  if (s.head_dim == 0)
    throw UsageError("there are more query heads than hidden components; also give --head-dim");
  if (s.q_heads == 0) s.q_heads = s.hidden / s.head_dim;
  if (s.q_heads == 0) throw UsageError("--head-dim is larger than --hidden; also give --q-heads");
  if (s.kv_heads == 0) s.kv_heads = s.q_heads;
  if (s.q_heads % s.kv_heads != 0)
    throw UsageError(fmt::format("{} query heads are not a multiple of {} key heads", s.q_heads, s.kv_heads));
  return s;
}

Exit run_capacity(const CapacityCommand& command) {
  report::Json json = report::report_header("capacity", command.common.seed);
  json["models"] = report::Json::array();
  std::string text;
  if (command.shape.layers + command.shape.hidden + command.shape.q_heads + command.shape.kv_heads +
          command.shape.head_dim >
      0) {
    const space::CapacityShape shape = completed(command.shape);
    const std::uint64_t longest = *std::ranges::max_element(command.lengths);
    const std::uint64_t heads = std::max(shape.q_heads, shape.kv_heads);
    if (!space::bits_of(space::cache_components(shape, heads, longest), space::stored_types().front()) ||
        !space::bits_of(space::state_components(shape), space::stored_types().front()))
      throw UsageError("a model of this size has more than 2^64 bits; reduce --layers, --hidden or --length");
    json["models"].push_back(report::capacity_json(shape, command.lengths));
    text = report::capacity_text(shape, command.lengths);
  }
  for (const space::CapacityShape& model : space::known_models())
    json["models"].push_back(report::capacity_json(model, command.lengths));
  write_json(command.common, json);
  print(command.common, text + report::known_models_text());
  return Exit::ok;
}

}  // namespace

void add_capacity_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "capacity",
      "Compute how much a model can hold: its state, its KV cache, and the largest 2^x in decimal");
  auto options = std::make_shared<CapacityCommand>();
  const auto size = [&](const std::string& flag, std::uint64_t& value, const std::string& what) {
    command->add_option(flag, value, what)
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 24U))
        ->type_name("N");
  };
  size("--layers", options->shape.layers, "Layers; needs --hidden (default: only the released models)");
  size("--hidden", options->shape.hidden, "Components of the residual stream");
  size("--q-heads", options->shape.q_heads, "Query heads (default: hidden / head dimension)");
  size("--kv-heads", options->shape.kv_heads, "Key heads (default: as many as query heads)");
  size("--head-dim", options->shape.head_dim, "Components of a head (default: 128)");
  command->add_option("--length", options->lengths, "Lengths for which to compute the cache size")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 24U))
      ->type_name("N ...")
      ->capture_default_str();
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0, or 64 for a usage error.\nExample: attest capacity --layers 80 --hidden 8192");
  command->callback([options, &exit] { exit = run_capacity(*options); });
}

}  // namespace attest::cli
