#include <fmt/format.h>

#include "report/columns.hpp"
#include "report/space/space_json.hpp"

namespace attest::report {
namespace {

Columns memory_table(const std::vector<space::KernelMemory>& kernels) {
  Columns table{{"kernel", "heap per call, by length L", "not measured"}, {}};
  for (const space::KernelMemory& kernel : kernels)
    table.rows.push_back(
        {kernel.name, space::growth_text(kernel.heap), kernel.declined.empty() ? "-" : kernel.declined});
  return table;
}

}  // namespace

Json kernel_memory_json(const std::vector<space::KernelMemory>& kernels) {
  Json json = Json::array();
  for (const space::KernelMemory& kernel : kernels) {
    Json points = Json::array();
    for (const space::MemoryPoint& point : kernel.heap.points)
      points.push_back({{"length", point.length}, {"bytes", point.bytes}});
    json.push_back(
        {{"name", kernel.name}, {"exponent", nullptr}, {"points", points}, {"declined", kernel.declined}});
    if (kernel.heap.exponent) json.back()["exponent"] = *kernel.heap.exponent;
  }
  return json;
}

std::string kernel_memory_text(const std::vector<space::KernelMemory>& kernels) {
  return columns_text(memory_table(kernels));
}

std::string kernel_memory_markdown(const std::vector<space::KernelMemory>& kernels) {
  return "Growth of resident memory during one causal call (f32, one head of dimension 16, L queries and L "
         "keys). The second call at each length is measured; the exponent is fitted if the growth exceeds 1 "
         "MiB.\n\n" +
         columns_markdown(memory_table(kernels));
}

}  // namespace attest::report
