// One declaration a law; the statement of each is in its own file.
#pragma once

#include "laws/law.hpp"

namespace attest {

Law definition_law();
Law blocks_law();
Law decode_law();
Law prefix_law();
Law masking_law();
Law causality_law();
Law dominating_leak_law();
Law poison_law();
Law nan_propagates_law();
Law spelling_law();
Law support_law();
Law constant_value_law();
Law range_law();
Law single_key_law();
Law uniform_law();
Law one_hot_gap_law();
Law shift_law();
Law duplicate_law();
Law permutation_law();
Law value_scaling_law();
Law value_linearity_law();
Law channel_law();
Law sign_law();
Law head_map_law();
Law group_repeat_law();
Law layout_law();
Law repeat_law();
Law history_law();
Law batch_invariance_law();
Law thread_invariance_law();
Law empty_law();
Law lse_law();
Law environment_law();
Law required_law();

}  // namespace attest
