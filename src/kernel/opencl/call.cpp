#include "kernel/opencl/call.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "problem/tensor.hpp"

namespace attest::kernel::opencl {
namespace {

constexpr std::size_t kMostScratch = std::size_t{1} << 28;

bool is_memory(const Argument& argument) {
  return argument.kind == Argument::Kind::local || argument.kind == Argument::Kind::scratch;
}

bool is_scalar(const Argument& argument) {
  return !is_memory(argument) && argument.kind != Argument::Kind::buffer;
}

bool is_output(Buffer buffer) { return buffer == Buffer::out || buffer == Buffer::lse; }

// Buffers by argument; null where there is none.
using Buffers = std::vector<std::unique_ptr<GuardedBuffer>>;

Buffers buffers_for(const Device& device, const KernelDescription& description, const Launch& launch,
                    const attest_forward& problem, const adapters::Request& request) {
  Buffers buffers;
  for (std::size_t i = 0; i < description.arguments.size(); ++i) {
    const Argument& argument = description.arguments[i];
    buffers.emplace_back();
    if (argument.kind == Argument::Kind::scratch) {
      buffers.back() =
          std::make_unique<GuardedBuffer>(device, std::vector<std::byte>(launch.bytes[i], kPoison));
    } else if (argument.kind == Argument::Kind::buffer) {
      if (auto contents = packed(argument.buffer, problem, request))
        buffers.back() = std::make_unique<GuardedBuffer>(device, std::move(*contents));
    }
  }
  return buffers;
}

void set_arguments(const Device& device, Entry* kernel, const KernelDescription& description,
                   const Launch& launch, const Buffers& buffers) {
  for (std::size_t i = 0; i < description.arguments.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const Argument& argument = description.arguments[i];
    const Api& api = device.api();
    int code = kSuccess;
    if (argument.kind == Argument::Kind::local) {
      code = api.SetKernelArg(kernel, index, std::max<std::size_t>(launch.bytes[i], 1), nullptr);
    } else if (is_scalar(argument)) {
      code = api.SetKernelArg(kernel, index, launch.scalars[i]->size, launch.scalars[i]->bytes.data());
    } else {
      Memory* memory = buffers[i] ? buffers[i]->argument() : nullptr;
      code = api.SetKernelArg(kernel, index, sizeof memory, static_cast<void*>(&memory));
    }
    require(code, "clSetKernelArg");
  }
}

Violation violation_of(const KernelDescription& description, const Buffers& buffers) {
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (!buffers[i]) continue;
    const Argument& argument = description.arguments[i];
    const bool scratch = argument.kind == Argument::Kind::scratch;
    const std::string_view name = scratch ? "its scratch memory" : name_of(argument.buffer);
    if (!buffers[i]->surroundings_intact()) return {Trespass::outside, fmt::format("wrote outside {}", name)};
    if (!scratch && !is_output(argument.buffer) && !buffers[i]->contents_intact())
      return {Trespass::input, fmt::format("wrote to its input {}", name)};
  }
  return {};
}

}  // namespace

std::optional<Launch> launch_of(const KernelDescription& kernel, const attest_forward& problem,
                                const Variables& variables) {
  Launch launch;
  auto global = extents(kernel.global, variables);
  auto local = extents(kernel.local, variables);
  if (!global || !local) return std::nullopt;
  launch.global = std::move(*global);
  launch.local = std::move(*local);
  for (const Define& define : kernel.defines) {
    const std::optional<std::int64_t> value = define.value.value(variables);
    if (!value) return std::nullopt;
    launch.options += fmt::format("-D{}={} ", define.name, *value);
  }
  for (const Argument& argument : kernel.arguments) {
    launch.scalars.emplace_back();
    launch.bytes.push_back(0);
    if (is_scalar(argument)) {
      launch.scalars.back() = scalar_of(argument, problem, variables);
      if (!launch.scalars.back()) return std::nullopt;
    } else if (is_memory(argument)) {
      const auto bytes = extents({argument.value}, variables);
      if (!bytes || bytes->front() > kMostScratch) return std::nullopt;
      launch.bytes.back() = bytes->front();
    }
  }
  return launch;
}

void run_range(const Device& device, Entry* kernel, const std::vector<std::size_t>& global,
               const std::vector<std::size_t>& local) {
  if (std::find(global.begin(), global.end(), 0) != global.end()) return;
  require(device.api().EnqueueNDRangeKernel(device.queue(), kernel, static_cast<std::uint32_t>(global.size()),
                                            nullptr, global.data(), local.empty() ? nullptr : local.data(), 0,
                                            nullptr, nullptr),
          "clEnqueueNDRangeKernel");
  require(device.api().Finish(device.queue()), "clFinish");
}

Violation run_call(const Device& device, Entry* kernel, const KernelDescription& description,
                   const Launch& launch, const attest_forward& problem, const adapters::Request& request) {
  const Buffers buffers = buffers_for(device, description, launch, problem, request);
  set_arguments(device, kernel, description, launch, buffers);
  run_range(device, kernel, launch.global, launch.local);
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (!buffers[i]) continue;
    buffers[i]->fetch();
    const Argument& argument = description.arguments[i];
    if (argument.kind == Argument::Kind::buffer && is_output(argument.buffer))
      unpack(buffers[i]->contents(), argument.buffer == Buffer::out ? *problem.out : *problem.lse);
  }
  return violation_of(description, buffers);
}

}  // namespace attest::kernel::opencl
