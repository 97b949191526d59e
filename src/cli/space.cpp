#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/output/progress.hpp"
#include "report/space/generate_json.hpp"
#include "report/space/space_json.hpp"

namespace attest::cli {
namespace {

constexpr double kMostParameters = 5e7;  // 200 MB in f32

struct SpaceCommand {
  CommonOptions common;
  attention::ModelShape shape;
  std::size_t length = space::SpaceOptions{}.length;
  bool given = false;  ///< did the user choose layers or length?
  std::vector<std::string> kernels;
  std::optional<std::string> generate;  ///< the prompt
  std::size_t characters = 48;
  std::string model = space::trained_model_path();
};

space::Tape prompt_of(const SpaceCommand& command, const space::LanguageModel& model) {
  try {
    const space::Tape prompt = space::tokens_of(model, *command.generate);
    if (prompt.empty()) throw UsageError("--generate needs at least one character");
    if (prompt.size() + command.characters > space::kMostDecoded)
      throw UsageError(fmt::format("the text and --characters add up to {}; the limit is {}",
                                   prompt.size() + command.characters, space::kMostDecoded));
    return prompt;
  } catch (const space::UnknownCharacter& error) {
    throw UsageError(error.what());
  }
}

// The model's shape and the length are the file's and the text's.
void refuse_beside_generate(const CLI::App& command) {
  for (const char* other : {"--kernel", "--layers", "--length", "--hidden", "--q-heads", "--kv-heads",
                            "--head-dim", "--mlp-hidden", "--prefix"}) {
    if (command.count(other) > 0)
      throw UsageError(fmt::format("--generate uses the trained model as it is, without {}", other));
  }
}

// Instead of random weights: a language model, decoded by both decoders.
Exit run_generate(const SpaceCommand& command) {
  const space::LanguageModel model = space::read_language_model(command.model);
  if (model.transformer.shape.prefix > 0)
    throw UsageError("--generate does not support models with prefix states");
  const space::Tape prompt = prompt_of(command, model);
  StatusLine line(command.common.quiet);
  const space::Generation generation = space::generate(
      model.transformer, prompt, command.characters, [&](std::size_t done, std::size_t of, double share) {
        line.show(fmt::format("constant space: {} of {} characters   {:.0f} % of leaf evaluations", done, of,
                              100 * share));
      });
  line.clear();
  const report::GenerationReport report{command.model, *command.generate, model, generation};
  report::Json json = report::report_header("space", command.common.seed);
  json["generation"] = report::generation_json(report);
  write_json(command.common, json);
  const Exit exit = generation.holds() ? Exit::ok : Exit::defect;
  print(command.common, report::generation_text(report));
  if (command.common.json != "-")
    fmt::print("{}{}   exit {}\n", command.common.quiet ? "" : "\n", report::generation_summary(generation),
               static_cast<int>(exit));
  return exit;
}

// Instead of the evaluators: the heap that third-party kernels take.
Exit run_kernel_memory(const SpaceCommand& command) {
  StatusLine line(command.common.quiet);
  std::vector<space::KernelMemory> kernels;
  for (const std::string& named : command.kernels) {
    for (const std::string& spec : kernel::expand_kernel_spec(named)) {
      line.show("heap of " + spec);
      kernels.push_back(space::measure_kernel_memory(*kernel::open_kernel(spec)));
    }
  }
  line.clear();
  report::Json json = report::report_header("space", command.common.seed);
  json["kernels"] = report::kernel_memory_json(kernels);
  write_json(command.common, json);
  const bool measured = std::ranges::all_of(
      kernels, [](const space::KernelMemory& kernel) { return !kernel.heap.points.empty(); });
  print(command.common, report::kernel_memory_text(kernels));
  return measured ? Exit::ok : Exit::undecided;
}

Exit run_space(const SpaceCommand& command) {
  if (!command.kernels.empty()) return run_kernel_memory(command);
  if (command.generate) return run_generate(command);
  if (const std::string why = attention::why_not(command.shape); !why.empty()) throw UsageError(why);
  if (attention::parameters_of(command.shape) > kMostParameters)
    throw UsageError(fmt::format("a model of {:.2g} parameters is too large to measure (at most {:.2g})",
                                 attention::parameters_of(command.shape), kMostParameters));
  StatusLine line(command.common.quiet);
  space::SpaceOptions options;
  options.shape = command.shape;
  options.length = command.length;
  options.seed = command.common.seed;
  options.progress = [&](const std::string& text) { line.show(text); };
  if (command.given) {
    options.certified_layers = {command.shape.layers};
    options.frontiers = {{command.shape.layers, command.length}};
  }
  const space::SpaceReport report = space::measure_space(options);
  line.clear();
  report::Json json = report::report_header("space", command.common.seed);
  json.update(report::space_json(report));
  write_json(command.common, json);
  const Exit exit = report.holds() ? Exit::ok : Exit::defect;
  print(command.common, report::space_text(report));
  if (command.common.json != "-")
    fmt::print("{}{}   exit {}\n", command.common.quiet ? "" : "\n", report::space_summary(report),
               static_cast<int>(exit));
  return exit;
}

void add_generate_options(CLI::App& command, SpaceCommand& options) {
  CLI::Option* generate =
      command
          .add_option("--generate", options.generate,
                      "Instead, continue this text with a trained model, by KV cache and in constant space")
          ->type_name("TEXT");
  command.add_option("--characters", options.characters, "Number of characters to decode")
      ->check(CLI::Range(std::size_t{1}, space::kMostDecoded))
      ->type_name("N")
      ->capture_default_str()
      ->needs(generate);
  command
      .add_option("--model", options.model,
                  "Model file, safetensors (default: models/kjv.safetensors, made by models/train.py)")
      ->type_name("FILE")
      ->needs(generate);
}

}  // namespace

void add_space_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "space", "Measure the space and time of transformer evaluators, from constant space to a KV cache");
  auto options = std::make_shared<SpaceCommand>();
  const auto size = [&](const std::string& flag, std::size_t& value, std::size_t most,
                        const std::string& what) {
    return command->add_option(flag, value, what)
        ->check(CLI::Range(std::size_t{1}, most))
        ->type_name("N")
        ->capture_default_str();
  };
  attention::ModelShape& shape = options->shape;
  CLI::Option* layers = size("--layers", shape.layers, 256, "Layers of the model");
  CLI::Option* length = size("--length", options->length, 65536,
                             "Number of tokens; if too many to run, costs are only counted");
  size("--hidden", shape.hidden, 4096, "Components of the residual stream");
  size("--q-heads", shape.q_heads, 256, "Query heads");
  size("--kv-heads", shape.kv_heads, 256, "Key heads, shared by the query heads");
  size("--head-dim", shape.head_dim, 1024, "Components of a head (even)");
  size("--mlp-hidden", shape.mlp_hidden, 16384, "Components of the MLP's hidden layer");
  command->add_option("--prefix", shape.prefix, "Learned prefix states of each layer")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--kernel", options->kernels,
                   "Measure instead how the heap use of these kernels grows with the length (names as for "
                   "attest check)")
      ->type_name("KERNEL ...");
  add_generate_options(*command, *options);
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 every measurement matches its formula, 1 one does not,\n2 a kernel could not be "
      "measured, 64 usage error.\nExample: attest space --layers 3 --length 256\n         attest space "
      "--generate \"And God\"");
  command->callback([options, command, layers, length, &exit] {
    if (options->generate) refuse_beside_generate(*command);
    options->given = layers->count() + length->count() > 0;
    exit = run_space(*options);
  });
}

}  // namespace attest::cli
