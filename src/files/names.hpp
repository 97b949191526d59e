// The names of tensors and texts in captures and in the files of commands, and what other programs call them.
#pragma once

#include <string>
#include <string_view>

namespace attest::files {

/// Throws FileFormatError unless a capture may have a tensor of this name: an input
/// or an output of problem/signature.hpp. The message lists these, or names the one that is probably meant
/// ("did you mean mask").
void require_tensor_name(const std::string& name);

/// The same of a text: a scalar of problem/inputs.hpp, layout, q_heads, kv_heads, q_start,
/// contract, want_lse or status. Texts
/// that say where a file comes from are allowed and not read: format, version, reason, note, and names that
/// begin with note_.
void require_text_name(const std::string& name);

/// Of NumPy's formats, where scalars are arrays as well.
void require_any_name(const std::string& name);

}  // namespace attest::files
