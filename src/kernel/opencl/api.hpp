// The functions of OpenCL 1.2 that attest calls, resolved from the loader (libOpenCL.so.1) at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace attest::kernel::opencl {

// Objects of the library, only ever held by pointer: cl_platform_id, cl_mem, ...
struct Platform;
struct DeviceId;
struct Context;
struct Queue;
struct Program;
struct Entry;
struct Memory;

/// cl_buffer_region
struct Region {
  std::size_t origin, size;
};

/// Constants of cl.h.
inline constexpr int kSuccess = 0;
inline constexpr int kBuildProgramFailure = -11;
inline constexpr std::uint32_t kPlatformName = 0x0902;
inline constexpr std::uint32_t kPlatformVersion = 0x0901;
inline constexpr std::uint32_t kDeviceName = 0x102B;
inline constexpr std::uint32_t kDriverVersion = 0x102D;
inline constexpr std::uint32_t kDeviceBaseAlignment = 0x1019;  ///< in bits
inline constexpr std::uint32_t kDeviceLargestBuffer = 0x1010;
inline constexpr std::uint32_t kProgramBuildLog = 0x1183;
inline constexpr std::uint32_t kRegion = 0x1220;
inline constexpr std::uint64_t kReadWrite = 1;
inline constexpr std::uint64_t kGpuDevices = 1U << 2;
inline constexpr std::uint64_t kAllDevices = 0xFFFFFFFF;

/// The functions, by their names without the prefix "cl"; calls without events.
struct Api {
  int (*GetPlatformIDs)(std::uint32_t, Platform**, std::uint32_t*);
  int (*GetPlatformInfo)(Platform*, std::uint32_t, std::size_t, void*, std::size_t*);
  int (*GetDeviceIDs)(Platform*, std::uint64_t, std::uint32_t, DeviceId**, std::uint32_t*);
  int (*GetDeviceInfo)(DeviceId*, std::uint32_t, std::size_t, void*, std::size_t*);
  Context* (*CreateContext)(const std::intptr_t*, std::uint32_t, DeviceId* const*,
                            void (*)(const char*, const void*, std::size_t, void*), void*, int*);
  int (*ReleaseContext)(Context*);
  Queue* (*CreateCommandQueue)(Context*, DeviceId*, std::uint64_t, int*);
  int (*ReleaseCommandQueue)(Queue*);
  Program* (*CreateProgramWithSource)(Context*, std::uint32_t, const char**, const std::size_t*, int*);
  int (*BuildProgram)(Program*, std::uint32_t, DeviceId* const*, const char*, void (*)(Program*, void*),
                      void*);
  int (*GetProgramBuildInfo)(Program*, DeviceId*, std::uint32_t, std::size_t, void*, std::size_t*);
  int (*ReleaseProgram)(Program*);
  Entry* (*CreateKernel)(Program*, const char*, int*);
  int (*ReleaseKernel)(Entry*);
  int (*SetKernelArg)(Entry*, std::uint32_t, std::size_t, const void*);
  Memory* (*CreateBuffer)(Context*, std::uint64_t, std::size_t, void*, int*);
  Memory* (*CreateSubBuffer)(Memory*, std::uint64_t, std::uint32_t, const void*, int*);
  int (*ReleaseMemObject)(Memory*);
  int (*EnqueueWriteBuffer)(Queue*, Memory*, std::uint32_t, std::size_t, std::size_t, const void*,
                            std::uint32_t, const void*, void*);
  int (*EnqueueReadBuffer)(Queue*, Memory*, std::uint32_t, std::size_t, std::size_t, void*, std::uint32_t,
                           const void*, void*);
  int (*EnqueueNDRangeKernel)(Queue*, Entry*, std::uint32_t, const std::size_t*, const std::size_t*,
                              const std::size_t*, std::uint32_t, const void*, void*);
  int (*Finish)(Queue*);
};

/// Throws KernelUnavailable where the library is missing or too old.
Api load_api(const std::string& library);

/// Throws std::runtime_error that names the call and the error, except for kSuccess.
void require(int code, const char* call);

}  // namespace attest::kernel::opencl
