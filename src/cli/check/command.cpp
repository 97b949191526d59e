#include "cli/command.hpp"

#include <memory>

#include "cli/check/options.hpp"
#include "cli/output/page_output.hpp"

namespace attest::cli {
namespace {

void add_requirements(CLI::App& command, CheckOptions& options) {
  command
      .add_option("--require", options.required,
                  "Fail if the kernel declines any of these, for example 'f16,causal,head-dim:128' (attest "
                  "list features)")
      ->type_name("FEATURE,...");
  command
      .add_option("--require-bitwise", options.required_bits,
                  "Fail unless results keep their bits: batch, decode, chunk, threads, run, or laws by name")
      ->type_name("LAW,...");
}

void add_python_options(CLI::App& command, CheckOptions& options) {
  command
      .add_option(
          "--signature", options.signature,
          "How a Python function is called: sdpa (default), flash-attn, flash-attn-kvcache, xformers, "
          "jax, flex, attest, or module:function of your own (docs/python.md)")
      ->type_name("S");
  command.add_option("--device", options.device, "Device of the arrays that a Python function gets")
      ->type_name("D");
  add_python_option(command, options.python);
}

void add_effort(CLI::App& command, CheckOptions& options) {
  add_case_options(command, options.size,
                   "Number of cases: quick (600, about 10 s), ci (2,000, 1 min) or deep (40,000, 10 min)",
                   kBudgetHelp);
  command
      .add_option("--shard", options.shard,
                  "Judge the I-th of N parts of the cases; attest merge joins the JSON files of all parts")
      ->type_name("I/N");
}

}  // namespace

void add_check_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "check", "Check kernels against the definition, the laws of attention and the certified error bound");
  auto options = std::make_shared<CheckOptions>();
  command
      ->add_option(
          "KERNEL", options->kernels,
          "A built-in kernel (attest list kernels), a shared library (./libmine.so[:symbol]), a command "
          "(exec:'CMD {in} {out}' for files, exec:'CMD {in_dir} {out_dir}' for folders of cases), a Python "
          "function (py:module:function, py:./file.py:function; torch:sdpa-math and other names), a kernel "
          "in OpenCL C (opencl:FILE.cl[:kernel], docs/gpu.md), or a capture (FILE.safetensors, FILE.npz, "
          "folder of .npy files)")
      ->required();
  command
      ->add_option("--contract", options->contract,
                   "Numerics contract of the kernel: 'preset;field=value;...' (attest list contracts)")
      ->type_name("C");
  add_effort(*command, *options);
  add_requirements(*command, *options);
  command->add_option("--rows", options->rows, "Judge N sampled query rows of a capture (0: all)")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 46))
      ->type_name("N");
  command
      ->add_option(
          "--layout", options->layout,
          "Order of the axes of q, k, v and out in captures and files of commands: bhtd (default) or "
          "bthd; b batch, h heads, t length, d dim")
      ->type_name("ORDER");
  add_python_options(*command, *options);
  command->add_option("--findings", options->findings_dir, "Folder for case files, one per finding")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--races", options->races,
                    "Run OpenCL kernels under oclgrind as well, which finds data races and their lines");
  command->add_flag("--laws", options->all_laws, "List every law, even those with nothing to report");
  add_page_option(*command, options->page_dir);
  add_ci_options(*command, options->ci);
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 conforming, 1 defective, 2 undecided, 64 usage error, 130 interrupted.\n"
      "Example: attest check ./libmine.so:my_attention --effort ci --json mine.json");
  command->callback([options, &exit] { exit = run_check(*options); });
}

}  // namespace attest::cli
