#include "report/host.hpp"

#include <fstream>
#include <string>
#include <thread>

namespace attest::report {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

nlohmann::ordered_json isa_names() {
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
#if defined(__x86_64__)
  __builtin_cpu_init();
  // The builtin takes literals only.
  if (__builtin_cpu_supports("sse4.2") != 0) names.push_back("sse4.2");
  if (__builtin_cpu_supports("avx") != 0) names.push_back("avx");
  if (__builtin_cpu_supports("avx2") != 0) names.push_back("avx2");
  if (__builtin_cpu_supports("fma") != 0) names.push_back("fma");
  if (__builtin_cpu_supports("avx512f") != 0) names.push_back("avx512f");
  if (__builtin_cpu_supports("avx512bw") != 0) names.push_back("avx512bw");
  if (__builtin_cpu_supports("avx512vnni") != 0) names.push_back("avx512vnni");
#endif
  return names;
}

}  // namespace

nlohmann::ordered_json host_json() {
  return {{"cpu", cpu_model()}, {"isa", isa_names()}, {"threads", std::thread::hardware_concurrency()}};
}

}  // namespace attest::report
