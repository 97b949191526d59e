#include "report/header.hpp"

#include "report/host.hpp"

namespace attest::report {

Json report_header(const std::string& command, std::uint64_t seed) {
  return {{"schema", "attest." + command + "/1"},
          {"version", ATTEST_VERSION},
          {"seed", seed},
          {"host", host_json()}};
}

}  // namespace attest::report
