// Case files, for attest replay.
#include <nlohmann/json.hpp>

#include "malformed.hpp"

namespace attest::cli {
namespace {

using Json = nlohmann::ordered_json;

Json tensor(const std::vector<int>& shape) {
  int count = 1;
  for (const int extent : shape) count *= extent;
  return {
      {"dtype", "f32"}, {"shape", shape}, {"values", std::vector<int>(static_cast<std::size_t>(count), 1)}};
}

// One row that sees two keys.
Json right() {
  Json problem{{"scale", 1},         {"causal", "none"}, {"window_left", -1},
               {"window_right", -1}, {"softcap", 0},     {"want_lse", false}};
  problem["q"] = tensor({1, 1, 1, 2});
  problem["k"] = tensor({1, 1, 2, 2});
  problem["v"] = tensor({1, 1, 2, 3});
  return {{"schema", "attest.case/1"}, {"version", "1"}, {"kernel", "onednn"},      {"law", "definition"},
          {"kind", "wrong-value"},     {"summary", ""},  {"variant", ""},           {"contract", "f32"},
          {"declared_contract", ""},   {"seed", 1},      {"placement", "page-end"}, {"problem", problem},
          {"elements", Json::array()}};
}

Malformed text(const std::string& kind, const std::string& content, const std::string& says) {
  return {kind, "case.json", [content](const auto& path) { put(path, content); }, says, true};
}

Malformed changed(const std::string& kind, const std::function<void(Json&)>& change,
                  const std::string& says) {
  Json json = right();
  change(json);
  return text(kind, json.dump(), says);
}

Malformed member(const std::string& name, const Json& value, const std::string& says) {
  return changed(
      name + " " + value.dump().substr(0, 30), [&](Json& json) { json[name] = value; }, says);
}

Malformed of_q(const std::string& kind, const std::string& name, const Json& value, const std::string& says) {
  return changed(
      kind, [&](Json& json) { json["problem"]["q"][name] = value; }, says);
}

std::vector<Malformed> texts() {
  constexpr std::uintmax_t k200GB = 200'000'000'000;
  std::string values = "{\"schema\":[1";
  for (int i = 0; i < 1'500'000; ++i) values += ",1";
  return {
      text("an empty case file", "", "not JSON"),
      text("a case file of words", "hello", "not JSON"),
      text("a case file that is an array", "[]", "must be a JSON object"),
      text("a case file of another schema", R"({"schema":"attest.case/9"})", "must be \"attest.case/1\""),
      text("a million brackets", std::string(1'000'000, '['), "nested deeper"),
      text(
          "a million objects",
          [] {
            std::string deep;
            for (int i = 0; i < 200'000; ++i) deep += "{\"a\":";
            return deep;
          }(),
          "nested deeper"),
      text("1.5 million values", values, "more than 1048576 values"),
      text("a member twice", R"({"schema":"attest.case/1","schema":"attest.case/1"})", "\"schema\" twice"),
      text("a text of 30 MB", "{\"schema\":\"" + std::string(30'000'000, 's') + "\"}", "must be"),
      {"a sparse case file of 200 GB", "case.json", [](const auto& path) { put_sparse(path, "{", k200GB); },
       "the limit is", true},
      {"a case file of 70 MB", "case.json", [](const auto& path) { put_sparse(path, "{", 70'000'000); },
       "the limit is", true},
      {"a sparse case file of 60 MB", "case.json",
       [](const auto& path) { put_sparse(path, "{", 60'000'000); }, "not JSON", true},
  };
}

std::vector<Malformed> members() {
  std::vector<Malformed> kinds{
      member("schema", 5, "must be a string"),
      member("kernel", Json::array({1, 2}), "is an array, must be a string"),
      member("law", "gravity", "no law \"gravity\""),
      member("law", "definitoin", "did you mean definition"),
      member("law", std::string(9'000, 'x'), "no law"),
      member("kind", std::string(9'000, 'x'), "not a kind of finding"),
      member("seed", -1, "seed"),
      member("seed", 1e300, "seed"),
      member("placement", "page-middle", "page-end, page-begin or misaligned"),
      member("elements", 1, "must be an array"),
      member("elements", Json::array({Json::object()}), "has no \"b\""),
      member("elemnets", 1, "did you mean elements"),
      member(std::string(9'000, 'x'), 1, "unknown member"),
      member("earlier", 1, "must be an array"),
      member("earlier", Json(std::vector<int>(100)), "at most 16 problems"),
      member("earlier", Json::array({1}), "earlier[0]"),
      member("kernel", "exec:touch /tmp/never {in} {out}", "--allow-exec"),
      member("kernel", "exec:" + std::string(9'000, 'x'), "--allow-exec"),
      member("kernel", "onednnn", "did you mean onednn"),
      member("kernel", std::string(9'000, 'x'), "is no built-in kernel"),
      member("kernel", "./nowhere.so", "nowhere.so"),
      member("kernel", std::string(9'000, '/') + ".so", "cannot open"),
  };
  for (const char* name : {"kernel", "law", "problem", "elements", "seed"})
    kinds.push_back(changed(
        std::string("no ") + name, [&](Json& json) { json.erase(name); },
        std::string("has no \"") + name + "\""));
  return kinds;
}

std::vector<Malformed> problems() {
  const auto scalar = [](const std::string& name, const Json& value, const std::string& says) {
    return changed(
        "problem." + name, [&](Json& json) { json["problem"][name] = value; }, says);
  };
  return {
      scalar("scale", "half", "problem.scale"),
      scalar("scale", Json::array(), "is an array, must be a number"),
      scalar("causal", "left", "must be none, top-left or bottom-right"),
      scalar("want_lse", 1, "must be true or false"),
      scalar("attn_mask", 1, "unknown member"),
      scalar("out_strides", Json::array({0, 0, 0, 0}), "overlap"),
      scalar("out_strides", "x", "array of at most 4 integers"),
      of_q("a dtype that there is not", "dtype", "f8", "must be one of f64"),
      of_q("a shape of five axes", "shape", {1, 1, 1, 1, 2}, "at most 4 integers"),
      of_q("a negative extent", "shape", {1, 1, -1, 2}, "holds -1"),
      of_q("an extent that is an array", "shape", {1, 1, Json::array(), 2}, "holds an array"),
      of_q("a shape of 2^104", "shape", {67108864, 67108864, 67108864, 67108864},
           "more than 67108864 elements"),
      of_q("too few values", "values", Json::array({1}), "array of 2 numbers"),
      of_q("a value that is no number", "values", {1, "one"}, "is not a number"),
      of_q("a value beyond f32", "values", {1, 1e39}, "overflows f32"),
      of_q("values and bits", "bits", "00", "either \"values\" or \"bits\""),
      of_q("strides past the limit", "strides", {1, 1, 1, std::int64_t{1} << 40}, "holds 1099511627776"),
      of_q("one stride too few", "strides", {1, 1, 1}, "3 strides"),
      of_q("far strides twice", "memory_strides", {1, 1, 1, std::int64_t{1} << 37}, "holds 137438953472"),
  };
}

}  // namespace

std::vector<Malformed> malformed_cases() {
  std::vector<Malformed> kinds = texts();
  for (const auto& more : {members(), problems()}) kinds.insert(kinds.end(), more.begin(), more.end());
  return kinds;
}

}  // namespace attest::cli
