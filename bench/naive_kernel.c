/* examples/naive.c under another name, with an exponential that a test chooses. */
#include <math.h>

float chosen_expf(float x);

#define expf chosen_expf
#define attest_kernel_forward naive_forward
#define attest_kernel_name naive_name
#define attest_kernel_contract naive_contract
#include "../examples/naive.c"  // NOLINT(bugprone-suspicious-include)
