import Diagnostics
import Testing

@Suite struct DiagnosticTests {
  @Test func descriptionNamesFileLineKeyAndMessageInThatOrder() {
    let error = Diagnostic(
      .badInput, "received 0; accepted: a whole number of at least 1", file: "a.yaml", line: 3,
      key: "training.steps")
    #expect(
      error.description
        == "a.yaml:3: training.steps: received 0; accepted: a whole number of at least 1")
    #expect(Diagnostic(.badInput, "bad", line: 7).description == "line 7: bad")
    #expect(Diagnostic(.internalFailure, "bad").description == "bad")
  }

  /// Names of files and texts in them may hold anything.
  @Test func descriptionIsOneLine() {
    let error = Diagnostic(
      .badInput, "received a\r\nb\u{2028}c\u{1B}[2J\u{0} é日", file: "two\nlines.yaml")
    #expect(
      error.description
        == #"two\nlines.yaml: received a\r\nb\u{2028}c\u{1B}[2J\0 é日"#)
  }

  @Test func locatingFillsOnlyWhatIsMissing() {
    let error = Diagnostic(.badInput, "bad", line: 7).located(file: "f", line: 9, key: "k")
    #expect(error.description == "f:7: k: bad")
  }

  @Test(arguments: [
    ("lerning_rate", "learning_rate"), ("stpes", "steps"), ("Seed", "seed"),
  ]) func nearestNameForgivesSlips(typed: String, meant: String) {
    #expect(
      nearestName(to: typed, among: ["steps", "learning_rate", "seed", "batch"]) == meant)
  }

  @Test func nearestNameDoesNotGuessWildly() {
    #expect(nearestName(to: "temperature", among: ["steps", "seed"]) == nil)
  }
}
