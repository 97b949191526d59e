/* What the libraries of this folder export: the functions of OpenCL that attest resolves. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NO_PLATFORM (-1001)

/* Functions that nobody calls where there is no platform. */
#define UNUSED(name) \
  int name(void);    \
  int name(void) { abort(); }
#define NO_DEVICES                                                                                     \
  UNUSED(clGetPlatformInfo)                                                                            \
  UNUSED(clGetDeviceIDs)                                                                               \
  UNUSED(clGetDeviceInfo)                                                                              \
  UNUSED(clCreateContext)                                                                              \
  UNUSED(clReleaseContext)                                                                             \
  UNUSED(clCreateCommandQueue)                                                                         \
  UNUSED(clReleaseCommandQueue)                                                                        \
  UNUSED(clCreateProgramWithSource)                                                                    \
  UNUSED(clBuildProgram)                                                                               \
  UNUSED(clGetProgramBuildInfo)                                                                        \
  UNUSED(clReleaseProgram)                                                                             \
  UNUSED(clCreateKernel)                                                                               \
  UNUSED(clReleaseKernel)                                                                              \
  UNUSED(clSetKernelArg)                                                                               \
  UNUSED(clCreateBuffer)                                                                               \
  UNUSED(clCreateSubBuffer)                                                                            \
  UNUSED(clReleaseMemObject)                                                                           \
  UNUSED(clEnqueueWriteBuffer)                                                                         \
  UNUSED(clEnqueueReadBuffer)                                                                          \
  UNUSED(clEnqueueNDRangeKernel)                                                                       \
  UNUSED(clFinish)

int clGetPlatformIDs(uint32_t count, void **platforms, uint32_t *found);
