import TestSupport
import Testing

/// The checks of pages find what they look for.
struct WebPageTests {
  private func problems(_ body: String) -> [String] {
    WebPage("<html lang=\"en\"><body><h1>t</h1>\(body)</body></html>").problems
  }

  @Test func aGoodPageHasNone() { #expect(problems("<h2 id=\"a\">b</h2>") == []) }

  @Test(arguments: [
    ("<p onclick=\"x()\"></p>", "has the attribute onclick"),
    ("<a href=\"https://example.org\">x</a>", "refers to https://example.org"),
    ("<script></script>", "has the element script"),
    ("<style>@import 'x.css';</style>", "a style refers to something"),
    ("<p id=\"a\"></p><p id=\"a\"></p>", "identifiers are not unique"),
    ("<use href='#b'/>", "href refers to b, which is not there"),
    ("<g fill=\"url(#b)\"/>", "fill refers to b, which is not there"),
    ("<h3>x</h3>", "a heading of level 3 follows one of level 1"),
    ("<h1>x</h1>", "does not have one heading of the first level, at first"),
    (
      "<p id=\"a\"></p><table aria-labelledby=\"a\"><tbody><tr><th>x</th></tr></tbody></table>",
      "the heading x has no scope"
    ),
    (
      "<p id=\"a\"></p><table aria-labelledby=\"a\"><tbody><tr><td>x</td></tr><tr/></tbody></table>",
      "rows of a table have [0, 1] cells"
    ),
    (
      "<figure><div><svg/></div><figcaption>Figure 1. x</figcaption></figure>",
      "figure 1 has not one drawing with a label"
    ),
  ])
  func eachProblemIsFound(_ body: String, _ problem: String) {
    #expect(problems(body) == [problem])
  }

  @Test func brokenMarkupIsFound() {
    #expect(problems("<p>a & b</p>").first?.hasPrefix("line 1: ") == true)
    #expect(problems("<p><b></p>").first?.hasPrefix("line 1: ") == true)
  }
}
