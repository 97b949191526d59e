#include "kernel/opencl/api.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>

#include "kernel/unavailable.hpp"

namespace attest::kernel::opencl {
namespace {

// What kernels and their descriptions can cause.
constexpr std::array<std::pair<int, const char*>, 13> kErrors{{{-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE"},
                                                               {-5, "CL_OUT_OF_RESOURCES"},
                                                               {-6, "CL_OUT_OF_HOST_MEMORY"},
                                                               {-11, "CL_BUILD_PROGRAM_FAILURE"},
                                                               {-46, "CL_INVALID_KERNEL_NAME"},
                                                               {-48, "CL_INVALID_KERNEL"},
                                                               {-49, "CL_INVALID_ARG_INDEX"},
                                                               {-50, "CL_INVALID_ARG_VALUE"},
                                                               {-51, "CL_INVALID_ARG_SIZE"},
                                                               {-52, "CL_INVALID_KERNEL_ARGS"},
                                                               {-54, "CL_INVALID_WORK_GROUP_SIZE"},
                                                               {-55, "CL_INVALID_WORK_ITEM_SIZE"},
                                                               {-61, "CL_INVALID_BUFFER_SIZE"}}};

class Resolver {
 public:
  Resolver(void* handle, const std::string& path) : handle_(handle), path_(path) {}

  template <class Function>
  void take(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(::dlsym(handle_, name));
    if (function == nullptr) throw KernelUnavailable(fmt::format("{} has no function {}", path_, name));
  }

 private:
  void* handle_;
  const std::string& path_;
};

}  // namespace

Api load_api(const std::string& library) {
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    throw KernelUnavailable(
        fmt::format("{} cannot be loaded; ./attest setup --gpu installs OpenCL for the CPU", library));
  const Resolver resolver(handle, library);
  Api api{};
  resolver.take(api.GetPlatformIDs, "clGetPlatformIDs");
  resolver.take(api.GetPlatformInfo, "clGetPlatformInfo");
  resolver.take(api.GetDeviceIDs, "clGetDeviceIDs");
  resolver.take(api.GetDeviceInfo, "clGetDeviceInfo");
  resolver.take(api.CreateContext, "clCreateContext");
  resolver.take(api.ReleaseContext, "clReleaseContext");
  resolver.take(api.CreateCommandQueue, "clCreateCommandQueue");
  resolver.take(api.ReleaseCommandQueue, "clReleaseCommandQueue");
  resolver.take(api.CreateProgramWithSource, "clCreateProgramWithSource");
  resolver.take(api.BuildProgram, "clBuildProgram");
  resolver.take(api.GetProgramBuildInfo, "clGetProgramBuildInfo");
  resolver.take(api.ReleaseProgram, "clReleaseProgram");
  resolver.take(api.CreateKernel, "clCreateKernel");
  resolver.take(api.ReleaseKernel, "clReleaseKernel");
  resolver.take(api.SetKernelArg, "clSetKernelArg");
  resolver.take(api.CreateBuffer, "clCreateBuffer");
  resolver.take(api.CreateSubBuffer, "clCreateSubBuffer");
  resolver.take(api.ReleaseMemObject, "clReleaseMemObject");
  resolver.take(api.EnqueueWriteBuffer, "clEnqueueWriteBuffer");
  resolver.take(api.EnqueueReadBuffer, "clEnqueueReadBuffer");
  resolver.take(api.EnqueueNDRangeKernel, "clEnqueueNDRangeKernel");
  resolver.take(api.Finish, "clFinish");
  return api;
}

void require(int code, const char* call) {
  if (code == kSuccess) return;
  for (const auto& [number, name] : kErrors) {
    if (number == code) throw std::runtime_error(fmt::format("{} returns {}", call, name));
  }
  throw std::runtime_error(fmt::format("{} returns error {}", call, code));
}

}  // namespace attest::kernel::opencl
