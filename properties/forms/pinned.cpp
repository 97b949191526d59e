// The same cases in every run, as many as fit the time of a test, unless RC_PARAMS says otherwise.

#include <cstdlib>

namespace {

// Read when the first property runs. A case is tried in some hundred pairs of form and semantics.
[[maybe_unused]] const int pinned = ::setenv("RC_PARAMS", "seed=20231122 max_success=25", 0);

}  // namespace
