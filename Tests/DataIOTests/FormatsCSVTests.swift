import DataIO
import Diagnostics
import LinearAlgebra
import Testing

@Suite struct FormatsCSVTests {
  private func read(_ text: String) throws -> CSVFile {
    try CSVFile(bytes: Array(text.utf8), file: "t.csv")
  }

  @Test(arguments: [
    "1,2.5,0\n-3,4e2,1\n",
    "1,2.5,0\n-3,4e2,1",
    "x,y,label\n1,2.5,0\n-3,4e2,1\n",
    "\u{FEFF}x,y,label\r\n1,2.5,0\r\n-3,4e2,1\r\n\r\n  \r\n",
    "\u{FEFF}1,2.5,0\n-3,4e2,1\n\n\n",
    " 1 ,\t2.5,0 \n -3 , +4E+02 , 1\t\n",
    "\"x, or so\",\"a \"\"y\"\"\",label\n\"1\",\" 2.5 \", \"0\" \n\"-3.\",\"400\",\"1\"\n",
    ",first,label\n1,2.5,0\n-3,.4e3,1",
    "1,2.5,0\r\n-3,4000e-1,1\r",
  ]) func acceptsWhatSpreadsheetsWrite(text: String) throws {
    let file = try read(text)
    #expect(file.features == Matrix(rows: 2, columns: 2, elements: [1, 2.5, -3, 400]))
    #expect(file.labels == [0, 1])
    #expect(file.count == 2)
    #expect(file.featureCount == 2)
  }

  @Test func givesTheFeaturesOfChosenPointsInTheOrderAsked() throws {
    let file = try read("1,2,0\n3,4,0\n5,6,1\n")
    #expect(file.features(of: [2, 0]) == Matrix(rows: 2, columns: 2, elements: [5, 6, 1, 2]))
    #expect(file.features(of: [2, 1, 0]).elements == [5, 6, 3, 4, 1, 2])
    #expect(file.features(of: [0, 1, 2]) == file.features)
    #expect(file.features(of: []) == Matrix(rows: 0, columns: 2, elements: []))
  }

  @Test(arguments: [
    (
      "1.2x,0.5,1\n1,2,0\n",
      "t.csv:1: column 1: received '1.2x'; accepted: a finite decimal number (a header line has no "
        + "numbers at all)"
    ),
    (
      "\u{FEFF}0.5,cat\n1,dog\n",
      "t.csv:1: column 2: received 'cat'; accepted: a finite decimal number (a header line has no "
        + "numbers at all)"
    ),
    (
      ",0,label\n1,2.5,0\n",
      "t.csv:1: column 3: received 'label'; accepted: a finite decimal number (a header line has no "
        + "numbers at all)"
    ),
    ("1,2\n3,abc\n", "t.csv:2: column 2: received 'abc'; accepted: a finite decimal number"),
    ("x,y\n1,2\nnan,4\n", "t.csv:3: column 1: received 'nan'; accepted: a finite decimal number"),
    ("1,NaN\n", "t.csv:1: column 2: received 'NaN'; accepted: a finite decimal number"),
    ("1,2\n-inf,0", "t.csv:2: column 1: received '-inf'; accepted: a finite decimal number"),
    ("1,1e999\n", "t.csv:1: column 2: received '1e999'; accepted: a finite decimal number"),
    ("1,2\n3,\n", "t.csv:2: column 2: received an empty field; accepted: a finite decimal number"),
    ("1,,2\n", "t.csv:1: column 2: received an empty field; accepted: a finite decimal number"),
    ("1,2\n\"\",4\n", "t.csv:2: column 1: received '\"\"'; accepted: a finite decimal number"),
    ("1,2\n\"3,4\n", "t.csv:2: column 1: received '\"3'; accepted: a finite decimal number"),
    ("1,2\n0x10,4\n", "t.csv:2: column 1: received '0x10'; accepted: a finite decimal number"),
    ("1,2\n1e,4\n", "t.csv:2: column 1: received '1e'; accepted: a finite decimal number"),
    ("1,2\n1.2.3,4\n", "t.csv:2: column 1: received '1.2.3'; accepted: a finite decimal number"),
    ("1,2\n.,4\n", "t.csv:2: column 1: received '.'; accepted: a finite decimal number"),
    ("1,2\n3;4,5\n", "t.csv:2: column 1: received '3;4'; accepted: a finite decimal number"),
    ("1,2\n3 4,5\n", "t.csv:2: column 1: received '3 4'; accepted: a finite decimal number"),
    (
      "1,2\n3\u{1b}[2J,5\n",
      "t.csv:2: column 1: received '3?[2J'; accepted: a finite decimal number"
    ),
    ("1,2\n3,4\r\r\n", "t.csv:2: column 2: received '4?'; accepted: a finite decimal number"),
    (
      "1,2\n" + String(repeating: "z", count: 1000) + ",5\n",
      "t.csv:2: column 1: received '" + String(repeating: "z", count: 40)
        + "...'; accepted: a finite decimal number"
    ),
    ("1,2,3\n4,5\n", "t.csv:2: received 2 columns; accepted: 3, as in line 1"),
    ("1,2\n4,5,x\n", "t.csv:2: received 3 columns; accepted: 2, as in line 1"),
    ("x,y,label\r\n1\r\n", "t.csv:2: received 1 column; accepted: 3, as in line 1"),
    ("1,2\n\n3,4\n", "t.csv:2: received a blank line; accepted: blank lines only at the end"),
    ("\n1,2\n", "t.csv:1: received a blank line; accepted: blank lines only at the end"),
    (
      "label\n7\n",
      "t.csv:2: received 1 column; accepted: at least 2, features and then the label, with commas "
        + "between"
    ),
    ("x,y\n", "t.csv: received no line of numbers; accepted: at least one"),
    ("", "t.csv: received no line of numbers; accepted: at least one"),
    ("\u{FEFF}", "t.csv: received no line of numbers; accepted: at least one"),
    ("\n\r\n \n", "t.csv: received no line of numbers; accepted: at least one"),
  ]) func errorsNameTheLineTheColumnAndTheValue(text: String, wording: String) {
    let error = #expect(throws: Diagnostic.self) { try read(text) }
    #expect(error?.description == wording)
    #expect(error?.kind == .badInput)
  }

  @Test func aLineOfDataIsNeverTakenForAHeaderBecauseAValueIsMissing() {
    for missing in ["", "nan", "-Inf", "NA", "N/A", "null", "?", "\"\""] {
      let error = #expect(throws: Diagnostic.self) { try read("1,\(missing),0\n1,2,1\n") }
      #expect(error?.line == 1)
    }
  }

  @Test func filesThatCannotBeReadAreInputMissing() throws {
    let folder = try FixtureFolder()
    let file = try folder.write("1,2\n", "a.csv")
    #expect(
      throws: Diagnostic(
        .inputMissing, "there is no such file", file: "\(folder.path)/b.csv")
    ) { try CSVFile(contentsOf: "\(folder.path)/b.csv") }
    #expect(
      throws: Diagnostic(
        .inputMissing, "received a directory; accepted: a file", file: folder.path)
    ) { try CSVFile(contentsOf: folder.path) }
    #expect(
      throws: Diagnostic(
        .inputMissing, "the file cannot be read (Not a directory)", file: "\(file)/c.csv")
    ) { try CSVFile(contentsOf: "\(file)/c.csv") }
    #expect(
      throws: Diagnostic(
        .inputMissing, "received a pipe, socket or device; accepted: a file", file: "/dev/null")
    ) { try CSVFile(contentsOf: "/dev/null") }
    #expect(try CSVFile(contentsOf: file).labels == [2])
  }
}
