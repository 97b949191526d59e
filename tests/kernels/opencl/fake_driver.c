/* An OpenCL driver whose kernels are functions of this file, by name: "right" computes attention, "slow" takes
 * its time, the others do something wrong besides. Their arguments: q, k, v, out, int q_heads, kv_heads, q_len, kv_len, dim, float scale. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "api.h"

typedef struct memory {
  char *data;
  int owned;
} memory;
typedef struct kernel {
  char name[64];
  char arguments[16][8];
} kernel;
typedef struct region {
  size_t origin, size;
} region;

static int platform, device, context, queue;

int clGetPlatformIDs(uint32_t count, void **platforms, uint32_t *found) {
  (void)count;
  platforms[0] = &platform;
  *found = 1;
  return 0;
}

int clGetPlatformInfo(void *of, uint32_t what, size_t size, char *text, size_t *needed) {
  (void)of, (void)what, (void)needed;
  snprintf(text, size, "Fake");
  return 0;
}

int clGetDeviceIDs(void *of, uint64_t type, uint32_t count, void **devices, uint32_t *found) {
  (void)of, (void)type, (void)count;
  devices[0] = &device;
  *found = 1;
  return 0;
}

int clGetDeviceInfo(void *of, uint32_t what, size_t size, void *value, size_t *needed) {
  (void)of, (void)needed;
  const uint64_t number = what == 0x1019 ? 1024 : (uint64_t)1 << 30; /* alignment in bits, largest buffer */
  if (size > 8)
    snprintf(value, size, what == 0x102B ? "a file of C" : "1.0");
  else
    memcpy(value, &number, size);
  return 0;
}

void *clCreateContext(const intptr_t *p, uint32_t n, void *const *d, void *notify, void *data, int *code) {
  (void)p, (void)n, (void)d, (void)notify, (void)data;
  *code = 0;
  return &context;
}
int clReleaseContext(void *of) { return of == &context ? 0 : -34; }
void *clCreateCommandQueue(void *of, void *d, uint64_t properties, int *code) {
  (void)of, (void)d, (void)properties;
  *code = 0;
  return &queue;
}
int clReleaseCommandQueue(void *of) { return of == &queue ? 0 : -36; }

void *clCreateProgramWithSource(void *of, uint32_t n, const char **texts, const size_t *sizes, int *code) {
  (void)of, (void)n, (void)sizes;
  *code = 0;
  return strdup(texts[0]);
}
int clBuildProgram(char *source, uint32_t n, void *const *d, const char *options, void *notify, void *data) {
  (void)n, (void)d, (void)options, (void)notify, (void)data;
  return strstr(source, "#error") != NULL ? -11 : 0;
}
int clGetProgramBuildInfo(void *of, void *d, uint32_t what, size_t size, char *text, size_t *needed) {
  static const char log[] = "one warning\nfile.cl:7:1: error: broken\n1 error generated\n";
  (void)of, (void)d, (void)what;
  if (needed != NULL) *needed = sizeof log;
  if (text != NULL) memcpy(text, log, size < sizeof log ? size : sizeof log);
  return 0;
}
int clReleaseProgram(char *source) {
  free(source);
  return 0;
}

kernel *clCreateKernel(const char *source, const char *name, int *code) {
  *code = strstr(source, name) != NULL ? 0 : -46;
  kernel *made = calloc(1, sizeof *made);
  snprintf(made->name, sizeof made->name, "%s", name);
  return made;
}
int clReleaseKernel(kernel *of) {
  free(of);
  return 0;
}
int clSetKernelArg(kernel *of, uint32_t index, size_t size, const void *value) {
  if (index >= 16 || size > 8) return -49;
  memcpy(of->arguments[index], value, size);
  return 0;
}

memory *clCreateBuffer(void *of, uint64_t flags, size_t size, void *host, int *code) {
  (void)of, (void)flags, (void)host;
  memory *made = calloc(1, sizeof *made);
  made->data = malloc(size);
  made->owned = 1;
  *code = 0;
  return made;
}
memory *clCreateSubBuffer(memory *whole, uint64_t flags, uint32_t type, const region *part, int *code) {
  (void)flags, (void)type;
  memory *made = calloc(1, sizeof *made);
  made->data = whole->data + part->origin;
  *code = 0;
  return made;
}
int clReleaseMemObject(memory *of) {
  if (of->owned) free(of->data);
  free(of);
  return 0;
}
int clEnqueueWriteBuffer(void *q, memory *to, uint32_t blocking, size_t at, size_t size, const void *from,
                         uint32_t n, const void *events, void *event) {
  (void)q, (void)blocking, (void)n, (void)events, (void)event;
  memcpy(to->data + at, from, size);
  return 0;
}
int clEnqueueReadBuffer(void *q, memory *from, uint32_t blocking, size_t at, size_t size, void *to, uint32_t n,
                        const void *events, void *event) {
  (void)q, (void)blocking, (void)n, (void)events, (void)event;
  memcpy(to, from->data + at, size);
  return 0;
}

static float *floats(const kernel *of, int index) {
  memory *held;
  memcpy(&held, of->arguments[index], sizeof held);
  return (float *)(void *)held->data;
}
static int number(const kernel *of, int index) {
  int value;
  memcpy(&value, of->arguments[index], sizeof value);
  return value;
}

static void row(const kernel *of, size_t i, size_t h, size_t b) {
  const size_t q_heads = (size_t)number(of, 4), kv_heads = (size_t)number(of, 5);
  const size_t q_len = (size_t)number(of, 6), kv_len = (size_t)number(of, 7), dim = (size_t)number(of, 8);
  float scale;
  memcpy(&scale, of->arguments[9], sizeof scale);
  const float *q = floats(of, 0) + ((b * q_heads + h) * q_len + i) * dim;
  const size_t head = (b * kv_heads + h / (q_heads / kv_heads)) * kv_len * dim;
  double *score = malloc(kv_len * sizeof *score), largest = -INFINITY, sum = 0;
  for (size_t j = 0; j < kv_len; ++j) {
    score[j] = 0;
    for (size_t c = 0; c < dim; ++c) score[j] += (double)q[c] * floats(of, 1)[head + j * dim + c];
    score[j] *= scale;
    largest = fmax(largest, score[j]);
  }
  for (size_t j = 0; j < kv_len; ++j) sum += score[j] = exp(score[j] - largest);
  for (size_t c = 0; c < dim; ++c) {
    double value = 0;
    for (size_t j = 0; j < kv_len; ++j) value += score[j] * floats(of, 2)[head + j * dim + c];
    floats(of, 3)[((b * q_heads + h) * q_len + i) * dim + c] = (float)(value / sum);
  }
  free(score);
}

int clEnqueueNDRangeKernel(void *q, kernel *of, uint32_t n, const size_t *offset, const size_t *global,
                           const size_t *local, uint32_t waits, const void *events, void *event) {
  (void)q, (void)offset, (void)waits, (void)events, (void)event;
  if (local != NULL && global[0] % local[0] != 0) return -54;
  if (n != 3) return 0; /* the driver's warm-up */
  if (strcmp(of->name, "slow") == 0) usleep(300000);
  for (size_t b = 0; b < global[2]; ++b) {
    for (size_t h = 0; h < global[1]; ++h) {
      for (size_t i = 0; i < global[0]; ++i) row(of, i, h, b);
    }
  }
  if (strcmp(of->name, "past") == 0) floats(of, 3)[global[0] * global[1] * global[2] * (size_t)number(of, 8)] = 1;
  if (strcmp(of->name, "before") == 0) floats(of, 1)[-1] = 1;
  if (strcmp(of->name, "input") == 0) floats(of, 2)[0] += 1;
  return 0;
}
int clFinish(void *of) { return of == &queue ? 0 : -36; }
