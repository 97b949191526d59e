#include "numpy_peer.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace attest::bench {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 512> part{};
  while (pipe && std::fgets(part.data(), static_cast<int>(part.size()), pipe.get()) != nullptr)
    text += part.data();
  return text;
}

std::string script(int threads) {
  return fmt::format(
      "env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS={} '{}' '{}/numpy_attention.py'",
      threads, DEBIAN_PYTHON, BENCH_SOURCES);
}

}  // namespace

NumpyRun run_numpy(const std::string& form, std::int64_t queries, std::int64_t keys, std::int64_t head_dim,
                   int threads) {
  const double pairs = static_cast<double>(queries) * static_cast<double>(keys);
  const int repeats = pairs > 1e8 ? 1 : pairs > 3e7 ? 2 : 4;
  const std::string command =
      fmt::format("{} {} {} {} {} {}", script(threads), form, queries, keys, head_dim, repeats);
  const auto json = nlohmann::json::parse(output_of(command), nullptr, false);
  NumpyRun run;
  if (!json.is_object()) {
    run.failure = "failed: " + command;
    return run;
  }
  run.processor = json.at("processor");
  run.elapsed = json.at("elapsed");
  run.numpy = json.at("numpy");
  run.blas = json.at("blas");
  run.core = json.at("core");
  return run;
}

bool numpy_is_right() { return output_of(script(1) + " check") == "checked\n"; }

}  // namespace attest::bench
