import DataIO
import Diagnostics
import LinearAlgebra
import Testing

@Suite struct ExportPredictionTests {
  static func law(_ first: Double, outputs: Int) -> PredictionRecord.FunctionLaw {
    func numbers(_ count: Int, _ offset: Double) -> [Double] {
      (0..<count).map { first + offset + Double($0) }
    }
    return PredictionRecord.FunctionLaw(
      trainingMean: numbers(4 * outputs, 0), testMean: numbers(3 * outputs, 100),
      trainingDeviation: numbers(4, 200), testDeviation: numbers(3, 300),
      scores: PredictionScores(
        trainingLoss: first + 1, testLoss: first + 2, trainingMemberLoss: first + 3,
        testMemberLoss: first + 4, trainingAccuracy: first + 5, testAccuracy: first + 6,
        testDeviation: first + 7, testDensityLoss: first + 8, trainingMemberAccuracy: first + 9,
        testMemberAccuracy: first + 10))
  }

  static func record(_ path: String, outputs: Int) -> PredictionRecord {
    PredictionRecord(
      path: path, outputs: outputs,
      trainingLabels: outputs == 1 ? [-1, 1, -1, 1] : [0, 1, 1, 0],
      testLabels: outputs == 1 ? [1, -1, 1] : [1, 0, 1], noiseDeviation: 0.25,
      times: [0, 2.5, .infinity], bayesian: law(1000, outputs: outputs),
      ensembles: [2000, 3000, 4000].map { law($0, outputs: outputs) })
  }

  static func write(_ record: PredictionRecord, covariance: Bool) throws {
    let file = try PredictionFileWriter(
      path: record.path, force: true,
      PredictionFileWriter.Description(
        metadata: exampleMetadata(), outputs: record.outputs,
        trainingLabels: record.trainingLabels, testLabels: record.testLabels,
        noiseDeviation: record.noiseDeviation, times: record.times, givesCovariance: covariance))
    func matrix(_ first: Double) -> Matrix<Double>? {
      covariance
        ? Matrix(rows: 3, columns: 3, elements: (0..<9).map { first + Double($0) }) : nil
    }
    try file.write(record.bayesian, covariance: matrix(0))
    for (time, law) in record.ensembles.enumerated() {
      try file.write(law, covariance: matrix(10 * Double(time + 1)), time: time)
    }
    try file.finish()
  }

  @Test(arguments: [1, 2], [false, true])
  func roundTrip(outputs: Int, covariance: Bool) throws {
    let folder = try NetCDFScratchFolder()
    let record = Self.record(folder("p.nc"), outputs: outputs)
    try Self.write(record, covariance: covariance)
    #expect(try PredictionRecord.read(record.path) == record)
    #expect(try recordKind(of: record.path) == .prediction)
    let file = try NetCDFReader(path: record.path)
    #expect(file.hasVariable("ntk_test_covariance") == covariance)
    if covariance {
      #expect(
        try file.read("ntk_test_covariance")
          == (1...3).flatMap { t in
            (0..<9).map { Double(10 * t + $0) }
          })
    }
  }

  @Test func refusals() throws {
    let folder = try NetCDFScratchFolder()
    var record = Self.record(folder("p.nc"), outputs: 2)
    record.testLabels = [1, 2, 1]
    try Self.write(record, covariance: false)
    #expect(
      throws: Diagnostic(
        .badInput, "received the label 2.0; accepted: class numbers from 0 to 1",
        file: record.path)
    ) { try PredictionRecord.read(record.path) }
    let other = folder("other.nc")
    try NetCDFWriter(path: other, force: false).finish()
    #expect(
      throws: Diagnostic(
        .badInput, "not a file of predictions (written by infwidth predict)", file: other)
    ) { try PredictionRecord.read(other) }
  }

  @Test func tables() {
    let table = Self.record("p.nc", outputs: 1).table
    #expect(table.labels == ["nngp", "ntk", "ntk", "ntk"])
    #expect(table.csv.contains("\r\nntk,2.5,3001,3002,3003,3004,3005,3006,3007,3008,3009,3010\r\n"))
    #expect(table.csv.contains("\r\nntk,inf,4001"))
    #expect(table.csv.contains("\r\nnngp,,1001"))
  }
}
