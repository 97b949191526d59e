#include "kernel/adapters/onnxruntime/session.hpp"

#include <numeric>

#include <fmt/format.h>

namespace attest::kernel::onnxruntime {
namespace {

constexpr int kNoOptimization = 0;  // the operator runs as written

struct ReleaseValue {
  void operator()(Value* value) const { library().api.release_value(value); }
};
using OwnedValue = std::unique_ptr<Value, ReleaseValue>;

// The value refers to the array's bytes; inputs are only read.
OwnedValue value_of(const Array& array) {
  const Library& lib = library();
  Value* value = nullptr;
  lib.check(lib.api.create_tensor(lib.cpu, const_cast<std::byte*>(array.data.data()), array.data.size(),
                                  array.shape.data(), array.shape.size(), static_cast<int>(array.element),
                                  &value));
  return OwnedValue(value);
}

struct ReleaseOptions {
  void operator()(SessionOptions* options) const { library().api.release_session_options(options); }
};

}  // namespace

std::size_t size_of(Element element) {
  switch (element) {
    case Element::boolean:
      return 1;
    case Element::f16:
    case Element::bf16:
      return 2;
    case Element::f32:
    case Element::i32:
      return 4;
    case Element::f64:
    case Element::i64:
      return 8;
  }
  return 0;
}

Array make_array(Element element, std::vector<std::int64_t> shape, std::byte fill) {
  const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  const std::size_t bytes = static_cast<std::size_t>(count) * size_of(element);
  return {element, std::move(shape), std::vector<std::byte>(bytes, fill)};
}

void Session::Release::operator()(SessionHandle* session) const { library().api.release_session(session); }

Session::Session(const std::string& model, int threads) {
  const Library& lib = library();
  SessionOptions* created = nullptr;
  lib.check(lib.api.create_session_options(&created));
  const std::unique_ptr<SessionOptions, ReleaseOptions> options(created);
  lib.check(lib.api.set_optimization_level(options.get(), kNoOptimization));
  lib.check(lib.api.set_intra_op_threads(options.get(), threads));
  SessionHandle* session = nullptr;
  lib.check(lib.api.create_session(lib.env, model.data(), model.size(), options.get(), &session));
  session_.reset(session);
}

namespace {

constexpr int kWrongPresent = -1;  // no status of the library

void require_presents(const Call& call, const std::vector<Array>& made) {
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (made[i].data != call.presents[i].data)
      throw Error(kWrongPresent, fmt::format("present_{} is not the past with the new ones behind it",
                                             i == 0 ? "key" : "value"));
  }
}

}  // namespace

void Session::run(const Call& call, Array& out, Array* scores) const {
  std::vector<std::string> input_names, output_names;
  std::vector<OwnedValue> owned;
  std::vector<const Value*> inputs;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    if (!call.inputs[i]) continue;
    input_names.push_back(fmt::format("in{}", i));
    owned.push_back(value_of(*call.inputs[i]));
    inputs.push_back(owned.back().get());
  }
  const OwnedValue result = value_of(out);
  std::vector<Value*> outputs{result.get()};
  for (int i = 0; i <= call.extra_outputs; ++i) output_names.push_back(fmt::format("out{}", i));
  std::vector<Array> presents;
  for (const Array& present : call.presents)
    presents.push_back(make_array(present.element, present.shape, std::byte{0xff}));
  std::vector<OwnedValue> present_values;
  for (const Array& present : presents) {
    present_values.push_back(value_of(present));
    outputs.push_back(present_values.back().get());
  }
  const std::size_t given = outputs.size();
  outputs.resize(output_names.size(), nullptr);
  const std::size_t discarded = outputs.size();
  if (scores != nullptr) {
    present_values.push_back(value_of(*scores));
    outputs.push_back(present_values.back().get());
    output_names.emplace_back("out3");
  }

  std::vector<const char*> input_pointers, output_pointers;
  for (const std::string& name : input_names) input_pointers.push_back(name.c_str());
  for (const std::string& name : output_names) output_pointers.push_back(name.c_str());
  const Library& lib = library();
  Status* status = lib.api.run(session_.get(), nullptr, input_pointers.data(), inputs.data(), inputs.size(),
                               output_pointers.data(), output_pointers.size(), outputs.data());
  for (std::size_t i = given; i < discarded; ++i) owned.emplace_back(outputs[i]);
  lib.check(status);
  require_presents(call, presents);
}

}  // namespace attest::kernel::onnxruntime
