import DataIO
import Diagnostics
import Testing

@Suite struct ExportStudyTests {
  static func scores(_ first: Double) -> StudyScores {
    StudyScores(
      trainingLoss: first, testLoss: first + 1, trainingAccuracy: first + 2,
      testAccuracy: first + 3)
  }

  static func law(_ first: Double) -> StudyRecord.Law {
    StudyRecord.Law(meanFunction: scores(first), one: scores(first + 0.25))
  }

  static func record(_ path: String, widths: [Int]) -> StudyRecord {
    func entry(_ k: Int, _ base: [Int]) -> StudyRecord.Case {
      let first = 1000 * Double(k + 1)
      return StudyRecord.Case(
        parameterization: k == 0 ? "ntk" : "standard", hiddenLayers: base.count,
        widthRatio: 0.5 + Double(k), baseWidths: base, learningRate: 0.1 * Double(k + 1),
        bayesian: law(first), trained: law(first + 10), end: law(first + 20),
        networks: widths.indices.map { w in
          StudyRecord.Networks(
            members: (0..<3).map { scores(first + 100 * Double(w + 1) + 10 * Double($0)) },
            meanFunction: scores(first + 900 + 10 * Double(w)))
        })
    }
    return StudyRecord(
      path: path, trainingPoints: 7, testPoints: 25, steps: 30, noiseDeviation: 0.25,
      widths: widths, seeds: widths.isEmpty ? 0 : 3, cases: [entry(0, [8]), entry(1, [8, 4, 2])])
  }

  @Test(arguments: [[], [4, 16]]) func roundTrip(widths: [Int]) throws {
    let folder = try NetCDFScratchFolder()
    let record = Self.record(folder("s.nc"), widths: widths)
    try StudyFile.write(record, metadata: exampleMetadata(), force: false)
    #expect(try StudyFile.read(record.path) == record)
    #expect(try recordKind(of: record.path) == .study)
  }

  @Test func statistics() {
    var networks = Self.record("s.nc", widths: [4]).cases[0].networks[0]
    var (mean, error) = networks.statistics(\.testLoss)
    // 1101, 1111, 1121.
    #expect(mean == 1111 && abs(error - 10 / 3.0.squareRoot()) < 1e-12)
    networks.members[1] = .none
    (mean, error) = networks.statistics(\.testLoss)
    #expect(networks.diverged == 1 && mean == 1111 && abs(error - 10) < 1e-12)
    networks.members[0] = .none
    #expect(networks.statistics(\.testLoss).standardError.isNaN)
    networks.members[2] = .none
    #expect(networks.statistics(\.testLoss).mean.isNaN)
  }

  @Test func tables() {
    let record = Self.record("s.nc", widths: [4, 16])
    #expect(record.largestSamplingError == 0.1)
    #expect(
      record.kernelTable.csv.contains(
        "\r\nstandard,3,1.5,0.2,2001,2003,2001.25,2003.25,2011,2013,2011.25,2013.25,2021,2023,2021.25,2023.25,"
          + "\"8, 4, 2\"\r\n"))
    let networks = record.networksTable
    #expect(networks.labels == ["ntk", "ntk", "standard", "standard"])
    #expect(networks.rows[3].prefix(6) == [3, 1.5, 16, 2911, 2913, 2211])
    #expect(networks.rows[3][7] == 2011.25 && networks.rows[3][10] == 2013.25)
  }

  @Test func refusals() throws {
    let folder = try NetCDFScratchFolder()
    let other = folder("other.nc")
    try NetCDFWriter(path: other, force: false).finish()
    #expect(
      throws: Diagnostic(.badInput, "not a study (written by infwidth study)", file: other)
    ) { try StudyFile.read(other) }
    var record = Self.record(folder("s.nc"), widths: [4])
    record.cases[1].baseWidths = [8, 4]
    try StudyFile.write(record, metadata: exampleMetadata(), force: false)
    #expect(
      throws: Diagnostic(
        .badInput, "the variable base_widths has the text \"8, 4\"; accepted: 3 positive numbers",
        file: record.path)
    ) { try StudyFile.read(record.path) }
  }
}
