#!/usr/bin/env python3
"""lengths.py measures what is a function, and fails where something is too long or its list is out of date."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cpp  # noqa: E402  (found through the line above)
import lengths  # noqa: E402

SOURCE = """#include <vector>
// A comment with void f() {
namespace a {
struct Point {
  int x = 0, y = 0;
  int sum() const {
    return x + y;
  }
  explicit Point(int both) : x(both), y{both} {
    x += 1;
  }
};
enum class Kind { one, two };
const std::vector<int> list{
    1,
    2,
};
template <class T>
T twice(const T& t) {
  const auto add = [](T x, T y) {
    return x + y;  // "}"
  };
  if (t == T{}) {
    return {};
  }
  return add(t, '}');
}

auto longer(
    int x) -> int { return x; }
}  // namespace a
TEST(Suite, Name) {
}
"""


class Functions(unittest.TestCase):
    def test_have_their_names_places_and_lines(self):
        self.assertEqual(cpp.functions(SOURCE),
                         [("sum", 6, 3), ("Point", 9, 3), ("twice", 18, 10), ("longer", 29, 2), ("Suite.Name", 32, 2)])


class Lengths(unittest.TestCase):
    def faults(self, lengths_found, listed=""):
        return lengths.faults(lengths_found, lengths.read_list(listed))

    def test_at_the_limit_are_allowed(self):
        self.assertEqual(self.faults({("function", "a.cpp:f"): 60, ("file", "a.cpp"): 300}), [])

    def test_above_it_are_not(self):
        (fault,) = self.faults({("function", "a.cpp:f"): 61, ("file", "a.cpp"): 300})
        self.assertIn("a.cpp:f has 61 lines; a function has at most 60", fault)
        (fault,) = self.faults({("file", "a.cpp"): 301})
        self.assertIn("a.cpp has 301 lines", fault)

    def test_on_the_list_may_only_shrink(self):
        listed = "# why\nfunction a.cpp:f 70\n"
        self.assertEqual(self.faults({("function", "a.cpp:f"): 70}, listed), [])
        self.assertEqual(self.faults({("function", "a.cpp:f"): 65}, listed), [])
        (fault,) = self.faults({("function", "a.cpp:f"): 71}, listed)
        self.assertIn("long.txt allows it 70", fault)

    def test_entries_that_are_not_needed_go(self):
        (fault,) = self.faults({("function", "a.cpp:f"): 60}, "function a.cpp:f 70\n")
        self.assertIn("remove it", fault)
        (fault,) = self.faults({("function", "a.cpp:f"): 60}, "function a.cpp:gone 70\n")
        self.assertIn("a.cpp:gone is in", fault)


if __name__ == "__main__":
    unittest.main()
