#include "report/full/costs.hpp"

#include <fstream>

#include <fmt/format.h>

namespace attest::report {
namespace {

using Json = nlohmann::ordered_json;

std::optional<double> number_or_none(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

CostPoint point_of(const Json& m) {
  return {m.at("what").get<std::string>(),        m.at("queries").get<std::int64_t>(),
          m.at("keys").get<std::int64_t>(),       m.at("head_dim").get<std::int64_t>(),
          m.at("threads").get<std::int64_t>(),    m.at("sampled").get<bool>(),
          m.at("seconds_per_pair").get<double>(), number_or_none(m.at("times_certificate")),
          number_or_none(m.at("of_dgemm"))};
}

Costs costs_of(Json json) {
  Costs costs;
  costs.version = json.at("version").get<std::string>();
  costs.time = json.at("time").get<std::string>();
  costs.cpu = json.at("host").at("cpu").get<std::string>();
  costs.isa = json.at("isa").get<std::string>();
  costs.openblas_kernel = json.at("libraries").at("openblas_kernel").get<std::string>();
  costs.numpy_blas_kernel = json.at("libraries").at("numpy_blas_kernel").get<std::string>();
  costs.dgemm_flops = json.at("dgemm").at("flops_one_thread").get<double>();
  costs.memory_keys = json.at("memory").at("keys").get<std::int64_t>();
  costs.memory_bytes = json.at("memory").at("bytes").get<std::int64_t>();
  for (const Json& m : json.at("measurements")) costs.points.push_back(point_of(m));
  for (const Json& r : json.at("ratios")) {
    costs.ratios.push_back({r.at("what").get<std::string>(), r.at("ratio").get<double>(),
                            r.at("limit").get<double>(), r.at("met").get<bool>()});
  }
  costs.json = std::move(json);
  return costs;
}

}  // namespace

std::optional<Costs> read_costs(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  const auto wrong = [&](const std::string& why) {
    return CostsError(fmt::format("{}: {}; run ./attest bench to write it again", file.string(), why));
  };
  std::ifstream stream(file);
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded()) throw wrong("not JSON");
  if (!json.is_object() || json.value("schema", Json()) != "attest.bench/1")
    throw wrong("its schema is not attest.bench/1");
  try {
    return costs_of(std::move(json));
  } catch (const Json::exception& error) {
    throw wrong(error.what());
  }
}

}  // namespace attest::report
