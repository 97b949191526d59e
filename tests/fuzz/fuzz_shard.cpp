// Any bytes: shards are read and merged or refused, never more.
#include <utility>

#include "check/case_file/case_file.hpp"
#include "check/shard/merge.hpp"
#include "check/shard/shard_json.hpp"
#include "files/tensor_archive.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  try {
    auto shards = check::parse_shards({reinterpret_cast<const char*>(data), size});
    test::require(shards.size() <= size, "more shards than bytes");
    const check::MergedReport merged = check::merge_shards(std::move(shards));
    test::require(merged.lost.size() < static_cast<std::size_t>(check::kMostShards),
                  "more lost than there are");
  } catch (const files::FileFormatError& error) {
    test::require_short(error.what());
  } catch (const check::CaseFileError& error) {
    test::require_short(error.what());
  }
  return 0;
}
