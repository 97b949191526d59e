#include <cstring>

#include <gtest/gtest.h>

#include "kernel/kernel.hpp"

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], attest::kernel::kWorkerArgument) == 0)
    return attest::kernel::worker_main(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
