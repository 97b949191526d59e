/* Exports data only, under the name that a kernel has. */
extern const int attest_kernel_forward;
const int attest_kernel_forward = 1;
