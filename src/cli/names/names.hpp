// Every name that reports use, with its meaning: what `attest list` and `attest explain` print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attest::cli {

struct NameEntry {
  std::string name, meaning;
};

/// Names of one sort, in the order of reports.
struct NameList {
  std::string_view sort;  ///< plural, as `attest list` takes it: "laws"
  std::string_view one;   ///< "law"
  std::vector<NameEntry> names;
  bool listed = true;  ///< false: `attest explain` alone knows the sort
};

const std::vector<NameList>& all_names();

/// The name of any sort that closest_word() finds; empty: none.
std::string nearest_name(std::string_view wrong);

}  // namespace attest::cli
