// Any text: the shape of a tolerance query is understood or refused, never more.
#include <stdexcept>

#include "check/tolerance/shape.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  check::ToleranceQuery query;
  try {
    check::read_shape({reinterpret_cast<const char*>(data), size}, query);
  } catch (const std::invalid_argument& error) {
    test::require_short(error.what());
    return 0;
  }
  for (const std::int64_t extent :
       {query.batch, query.q_heads, query.kv_heads, query.q_len, query.kv_len, query.qk_dim, query.v_dim})
    test::require(extent >= 1 && extent <= (1 << 20), "an extent out of range");
  test::require(query.q_heads % query.kv_heads == 0, "heads that do not divide");
  test::require(query.batch * query.q_heads * query.q_len * query.qk_dim <= (std::int64_t{1} << 28),
                "a problem that is too large");
  return 0;
}
