// One declaration a law; the statement of each is in its own file.
#pragma once

#include "laws/law.hpp"

namespace attest {

Law definition_law();
Law masking_law();
Law constant_value_law();
Law range_law();
Law single_key_law();
Law uniform_law();
Law empty_law();
Law repeat_law();
Law history_law();
Law lse_law();

}  // namespace attest
