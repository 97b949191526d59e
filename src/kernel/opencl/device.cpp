#include "kernel/opencl/device.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "kernel/unavailable.hpp"
#include "problem/tensor.hpp"

namespace attest::kernel::opencl {
namespace {

constexpr std::uint32_t kBlocking = 1;

template <class Object>
Owned<Object> owned(Object* object, int (*release)(Object*)) {
  return Owned<Object>(object, [release](Object* each) { release(each); });
}

// The first line that says what is wrong, else the first one.
std::string line_of(const std::string& log) {
  const std::size_t error = log.find("error:");
  const std::size_t begin = error == std::string::npos ? 0 : log.rfind('\n', error) + 1;
  return log.substr(begin, log.find('\n', begin) - begin);
}

DeviceId* first_device(const Api& api, const std::vector<Platform*>& platforms, Platform*& of) {
  for (const std::uint64_t type : {kGpuDevices, kAllDevices}) {
    for (Platform* platform : platforms) {
      DeviceId* device = nullptr;
      std::uint32_t count = 0;
      if (api.GetDeviceIDs(platform, type, 1, &device, &count) != kSuccess || count == 0) continue;
      of = platform;
      return device;
    }
  }
  return nullptr;
}

}  // namespace

Device::Device(const std::string& library, Guard guard) : api_(load_api(library)), guard_(guard) {
  std::array<Platform*, 16> found{};
  std::uint32_t count = 0;
  if (api_.GetPlatformIDs(found.size(), found.data(), &count) != kSuccess || count == 0)
    throw KernelUnavailable(
        fmt::format("{} finds no OpenCL driver; ./attest setup --gpu installs one for the CPU", library));
  const std::vector<Platform*> platforms(found.begin(),
                                         found.begin() + std::min<std::size_t>(count, found.size()));
  Platform* platform = nullptr;
  id_ = first_device(api_, platforms, platform);
  if (id_ == nullptr) throw KernelUnavailable("no OpenCL driver has a device");
  std::array<char, 256> text{};
  api_.GetPlatformInfo(platform, kPlatformName, text.size() - 1, text.data(), nullptr);
  description_ = fmt::format("{} {}, {}", text.data(), info(kDriverVersion), info(kDeviceName));
  pad_ = std::max(pad_, number(kDeviceBaseAlignment, sizeof(std::uint32_t)) / 8);
  largest_buffer_ = number(kDeviceLargestBuffer, sizeof(std::uint64_t));
  int code = 0;
  context_ = owned(api_.CreateContext(nullptr, 1, &id_, nullptr, nullptr, &code), api_.ReleaseContext);
  require(code, "clCreateContext");
  queue_ = owned(api_.CreateCommandQueue(context_.get(), id_, 0, &code), api_.ReleaseCommandQueue);
  require(code, "clCreateCommandQueue");
}

std::string Device::info(std::uint32_t what) const {
  std::array<char, 256> text{};
  api_.GetDeviceInfo(id_, what, text.size() - 1, text.data(), nullptr);
  return text.data();
}

std::size_t Device::number(std::uint32_t what, std::size_t bytes) const {
  std::uint64_t value = 0;  // this machine is little-endian, as all that attest runs on
  api_.GetDeviceInfo(id_, what, bytes, &value, nullptr);
  return value;
}

Owned<Memory> Device::memory(std::size_t bytes) const {
  int code = 0;
  Owned<Memory> memory =
      owned(api_.CreateBuffer(context_.get(), kReadWrite, bytes, nullptr, &code), api_.ReleaseMemObject);
  require(code, "clCreateBuffer");
  return memory;
}

Owned<Memory> Device::part(Memory* whole, std::size_t origin, std::size_t bytes) const {
  const Region region{origin, bytes};
  int code = 0;
  Owned<Memory> memory =
      owned(api_.CreateSubBuffer(whole, kReadWrite, kRegion, &region, &code), api_.ReleaseMemObject);
  require(code, "clCreateSubBuffer");
  return memory;
}

std::string Device::first_error(Program* program) const {
  std::size_t bytes = 0;
  if (api_.GetProgramBuildInfo(program, id_, kProgramBuildLog, 0, nullptr, &bytes) != kSuccess) return "";
  std::string log(bytes, '\0');
  api_.GetProgramBuildInfo(program, id_, kProgramBuildLog, bytes, log.data(), nullptr);
  return line_of(log.substr(0, log.find('\0')));
}

Owned<Program> Device::program(const std::string& source, const std::string& options) const {
  const char* text = source.c_str();
  const std::size_t size = source.size();
  int code = 0;
  Owned<Program> program =
      owned(api_.CreateProgramWithSource(context_.get(), 1, &text, &size, &code), api_.ReleaseProgram);
  require(code, "clCreateProgramWithSource");
  code = api_.BuildProgram(program.get(), 1, &id_, options.c_str(), nullptr, nullptr);
  if (code == kBuildProgramFailure)
    throw std::runtime_error(fmt::format("it does not compile: {}", first_error(program.get())));
  require(code, "clBuildProgram");
  return program;
}

Owned<Entry> Device::kernel(Program* program, const std::string& name) const {
  int code = 0;
  Owned<Entry> kernel = owned(api_.CreateKernel(program, name.c_str(), &code), api_.ReleaseKernel);
  require(code, "clCreateKernel");
  return kernel;
}

GuardedBuffer::GuardedBuffer(const Device& device, std::vector<std::byte> contents)
    : device_(device),
      pad_(device.guard() == Guard::canaries ? device.pad() : 0),
      bytes_(contents.size()),
      before_(std::max<std::size_t>(contents.size() + 2 * pad_, 1), kPoison),
      whole_(device.memory(before_.size())) {
  std::copy(contents.begin(), contents.end(), before_.begin() + static_cast<std::ptrdiff_t>(pad_));
  if (pad_ > 0) part_ = device.part(whole_.get(), pad_, std::max<std::size_t>(bytes_, 1));
  require(device.api().EnqueueWriteBuffer(device.queue(), whole_.get(), kBlocking, 0, before_.size(),
                                          before_.data(), 0, nullptr, nullptr),
          "clEnqueueWriteBuffer");
}

void GuardedBuffer::fetch() {
  after_.resize(before_.size());
  require(device_.api().EnqueueReadBuffer(device_.queue(), whole_.get(), kBlocking, 0, after_.size(),
                                          after_.data(), 0, nullptr, nullptr),
          "clEnqueueReadBuffer");
}

bool GuardedBuffer::surroundings_intact() const {
  const std::size_t end = pad_ + bytes_;
  return std::memcmp(before_.data(), after_.data(), pad_) == 0 &&
         std::memcmp(before_.data() + end, after_.data() + end, before_.size() - end) == 0;
}

bool GuardedBuffer::contents_intact() const {
  return std::memcmp(before_.data() + pad_, after_.data() + pad_, bytes_) == 0;
}

}  // namespace attest::kernel::opencl
