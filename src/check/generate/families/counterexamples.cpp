#include "check/generate/families/counterexamples.hpp"

namespace attest {

const std::vector<Counterexample>& counterexamples() {
  static const std::vector<Counterexample> all{
      {"5", "masked-keys", {{1, 0, 1}, {1, 0, 1}, {1, 0, 1}, {1, 0, 1}, {1, 0, 1}}},
      {"7", "masked-fill", {{1, 0, 1}, {1, 0, 1}}},
      {"9c", "masked-fill", {{1, 0, 1}, {1, 0, 1}}},
      {"10a", "merge-adds-sums", {{1, 0, 1}, {2, 0, 1}}},
      {"10b", "merge-adds-sums", {{1, 0, 1}, {0.5, 1, 1}}},
      {"10c", "merge-adds-sums", {{1, 0, 1}, {2, 0, 1}}},
      {"11", "divide-once", {{1, 0.5, 2}, {1, 0, 1}}},
      {"12", "lse-merge", {{1, 0, 2}, {1, 0, 1}}},
      {"13", "empty-split", {{1, 0, 1}}},
      {"21", "tile-loop", {{1, 0, 1}}},
  };
  return all;
}

}  // namespace attest
