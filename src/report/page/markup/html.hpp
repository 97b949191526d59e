// Markup that is safe by its type: words of kernels and files get into it only through text() or the value of
// an attribute, which escape them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attest::report::page {

class Html {
 public:
  Html() = default;
  Html& operator+=(const Html& more) {
    markup_ += more.markup_;
    return *this;
  }
  friend Html operator+(Html a, const Html& b) { return a += b; }
  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  explicit Html(std::string markup) : markup_(std::move(markup)) {}
  friend Html text(std::string_view words);
  friend Html element(std::string_view tag,
                      const std::vector<std::pair<std::string_view, std::string>>& attributes,
                      const Html& content);
  friend Html document(std::string_view title, std::string_view style, const Html& body);

  std::string markup_;
};

/// Names are literals; an empty value leaves the attribute out.
using Attributes = std::vector<std::pair<std::string_view, std::string>>;

/// Shows the words as they are: &, <, >, " and ' are escaped; bytes that are not UTF-8, control characters
/// and characters that change the direction of what follows become U+FFFD. Line feeds and tabs stay.
Html text(std::string_view words);

/// <tag attributes>content</tag>.
Html element(std::string_view tag, const Attributes& attributes, const Html& content);
inline Html element(std::string_view tag, const Html& content) { return element(tag, {}, content); }
inline Html element(std::string_view tag, std::string_view words) { return element(tag, {}, text(words)); }
inline Html element(std::string_view tag, const Attributes& attributes, std::string_view words) {
  return element(tag, attributes, text(words));
}

/// A whole file, which forbids itself scripts and requests. `style` is a literal without "</".
Html document(std::string_view title, std::string_view style, const Html& body);

/// A link to an element of the page by its id.
Html link_to(std::string_view id, const Html& content);
inline Html link_to(std::string_view id, std::string_view words) { return link_to(id, text(words)); }

/// A block that is folded away until it is opened.
Html folded(std::string_view title, const Html& content);

}  // namespace attest::report::page
