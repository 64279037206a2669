import Testing

@testable import Report

struct MarkupTests {
  @Test func textHasNoMeaningOfItsOwn() {
    let name = "<b a=\"1\" b='2'>&amp;"
    #expect(
      Markup(name).source == "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;")
    let sentence: Markup = "a < b \(name) \(element("i", [:], "c"))"
    #expect(
      sentence.source
        == "a &lt; b &lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp; <i>c</i>")
    #expect(
      element("p", ["title": name], Markup(name)).source
        == "<p title=\"\(Markup.escaped(name))\">\(Markup.escaped(name))</p>")
  }

  @Test(arguments: [
    ("a\u{0}b", "a\u{FFFD}b"), ("\u{1B}[1m", "\u{FFFD}[1m"), ("\u{7F}\u{9F}", "\u{FFFD}\u{FFFD}"),
    ("a\tb\nc", "a\tb\nc"),
    ("a\r\nb\rc", "a\nb\nc"), ("größe 日本 😀", "größe 日本 😀"),
  ])
  func charactersThatNoPageMayHave(_ text: String, _ expected: String) {
    #expect(Markup.escaped(text) == expected)
  }

  @Test(arguments: [0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xFDD0, 0xFDEF])
  func noncharactersAreReplaced(_ value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(Markup.escaped("a" + String(Character(scalar))) == "a\u{FFFD}")
  }

  @Test func elementsWithoutContentAreClosed() {
    #expect(element("meta", ["charset": "utf-8"]).source == "<meta charset=\"utf-8\" />")
    #expect(element("td", [:]).source == "<td></td>")
  }

  @Test(arguments: [
    (0.36412, 0.00231, "0.3641 ± 0.0023"), (12.5, 3.2, "12.5 ± 3.2"),
    (1e-9, 2e-10, "1e-09 ± 2e-10"),
    (153, 27, "153 ± 27"), (-0.5, 0.061, "-0.500 ± 0.061"), (0.69315, 4.9e-17, "0.69315 ± 0"),
    (0.25, .nan, "0.25000"), (.nan, 0.1, "–"), (.infinity, 0.1, "infinite"),
    (1e22, 3e20, "1e+22 ± 3e+20"),
  ])
  func numbersHaveTheDigitsOfTheirErrors(_ value: Double, _ error: Double, _ text: String) {
    #expect(Cell.uncertain(value, error).source == text)
  }

  @Test func columnsWithoutAnyNumberAreLeftOut() {
    var table = ReportTable(
      caption: "c", columns: [.text("step"), .number("a"), .number("b")])
    table.append(["0", Cell.missing, "1"])
    table.append(["1", Cell.missing, Cell.missing])
    let shown = table.withoutEmptyColumns()
    #expect(shown.columns.map(\.heading) == ["step", "b"])
    #expect(shown.rows == [["0", "1"], ["1", Cell.missing]])
  }
}
