import DataIO
import Diagnostics
import Foundation
import Testing

/// CMP.nc written and read back.
@Suite struct ExportComparisonTests {
  private let metadata = FileMetadata(
    configText: "data: {}", history: "today infwidth compare", source: "InfiniteWidth", seed: 3,
    extra: ["loss": .text("logistic")])

  /// Every array of the shapes that comparisons have, numbered.
  private func scaling(_ name: String, limit: String, offset: Double = 0) -> ScalingComparison {
    var result = ScalingComparison(
      name: name, title: limit.uppercased(),
      limit: LimitDescription(name: limit, alpha: -0.5, beta: 0.25, gamma: -0.125), particles: 64,
      widths: [8, 16], seeds: [1, 2, 3], realizations: 2, steps: [0, 1, 5, 9], snapshots: [0, 9],
      projections: ["a", "dot(w, pca1)"], testPoints: 5, outputs: 1, bins: 4,
      notes: ["First. With two sentences.", "Second."])
    let shapes: [(String, [ComparisonDimension])] = [
      ("logit_rms_gap", [.width, .step]), ("wasserstein1", [.width, .snapshot, .projection]),
      ("network_test_loss", [.width, .seed, .step]), ("limit_test_loss", [.realization, .step]),
      ("network_test_logits", [.width, .seed, .test, .output]),
      ("weight_edge", [.projection, .edge]),
      ("weight_density", [.width, .snapshot, .projection, .bin]),
    ]
    for (number, (array, dimensions)) in shapes.enumerated() {
      let count = dimensions.reduce(1) { $0 * result.length($1) }
      result.arrays.append(
        ComparisonArray(
          array, dimensions, units: number == 0 ? "nat" : "1", longName: "the \(array)",
          values: (0..<count).map { offset + Double(number) + Double($0) / 64 },
          comment: number == 1 ? "not to be had" : nil))
    }
    result.rates = ["logit_rms_gap", "wasserstein1[dot(w, pca1)]"].enumerated().map {
      number, metric in
      let base = offset + Double(number)
      return ComparedRate(
        metric: metric, step: 5 + 4 * number, values: [base, base + 0.5],
        standardErrors: [0.25, base], floors: [base, 2], limitError: 0.125 + base,
        rate: -0.5 - base,
        rateStandardError: 0.0625, intercept: base - 3, chiSquare: 1.5, fittedWidths: 3 + number,
        predicted: -0.5, predictionSource: "section \(number)", verdict: "agrees \(number)",
        fittedLogarithms: [base - 1, base - 2], fittedErrors: [0.5, 0.75 + base])
    }
    return result
  }

  private func written(_ record: ComparisonRecord) throws {
    try ComparisonFile.write(record, metadata: metadata, force: false)
  }

  @Test func oneScaling() throws {
    let folder = try NetCDFScratchFolder()
    let record = ComparisonRecord(
      path: folder("cmp.nc"), title: "digits", referenceWidth: 16,
      scalings: [scaling("mean_field", limit: "mean_field")], lossName: "logistic")
    try written(record)
    #expect(try ComparisonRecord.read(record.path) == record)
  }

  @Test func severalScalings() throws {
    let folder = try NetCDFScratchFolder()
    let criteria = ["logit_gap", "logit_kl"].enumerated().map { number, name in
      ReferenceRanking.Criterion(
        name: name, longName: "the \(name)", units: number == 0 ? "1" : "nat",
        values: (0..<8).map { Double(number) + Double($0) / 8 },
        standardErrors: (0..<8).map { 0.5 + Double($0) }, best: [0, 1, -1, 1],
        ties: [true, false, false, false, true, true, false, true],
        floors: (0..<8).map { 0.25 + Double(number + $0) / 16 },
        atFloor: [false, true, false, false, true, false, false, true])
    }
    let record = ComparisonRecord(
      path: folder("cmp.nc"), title: "digits", referenceWidth: 16,
      scalings: [
        scaling("ntk", limit: "ntk"), scaling("-0.75,0.5", limit: "intermediate", offset: 10),
      ],
      ranking: ReferenceRanking(
        scalings: ["ntk", "-0.75,0.5"], steps: [0, 1, 5, 9], criteria: criteria),
      lossName: "logistic", notes: ["Of both scalings.", "Two remarks."])
    try written(record)
    #expect(try ComparisonRecord.read(record.path) == record)
  }

  /// Numbers that are not there stay away, and dimensions of length 0 empty.
  @Test func missingNumbers() throws {
    let folder = try NetCDFScratchFolder()
    var scaling = scaling("ntk", limit: "ntk")
    scaling.snapshots = []
    scaling.bins = 0
    scaling.notes = []
    scaling.arrays = [scaling.arrays[0]]
    scaling.arrays[0].values[3] = .nan
    scaling.arrays[0].values[4] = .infinity
    scaling.rates = [scaling.rates[0]]
    scaling.rates[0].rate = .nan
    let record = ComparisonRecord(
      path: folder("cmp.nc"), title: "", referenceWidth: 16, scalings: [scaling])
    try written(record)
    let read = try #require(try ComparisonRecord.read(record.path).scalings.first)
    #expect(read.arrays[0].values[3].isNaN && read.arrays[0].values[4] == .infinity)
    #expect(read.arrays[0].values[..<3] == scaling.arrays[0].values[..<3])
    #expect(read.rates[0].rate.isNaN && read.rates[0].intercept == -3)
    #expect(read.snapshots == [] && read.bins == 0 && read.notes == [])
  }

  @Test func otherFiles() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("other.nc")
    let file = try NetCDFWriter(path: path, force: false)
    try file.setAttribute("infinitewidth_file", .text("nets"))
    try file.finish()
    #expect(
      throws: Diagnostic(
        .badInput, "not a comparison (written by infwidth compare)", file: path)
    ) { try ComparisonRecord.read(path) }
  }

  /// A comparison that lost a group, or has a table of another shape.
  @Test func damagedFiles() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("cut.nc")
    let file = try NetCDFWriter(path: path, force: false)
    try file.setAttribute("infinitewidth_file", .text("comparison"))
    let dimension = try file.defineDimension("scaling", length: 1)
    try file.writeStrings(["ntk"], "scaling", dimension, longName: "scaling")
    try file.finish()
    #expect(throws: Diagnostic(.badInput, "the file has no group ntk", file: path)) {
      try ComparisonRecord.read(path)
    }
    let flat = folder("flat.nc")
    let other = try NetCDFWriter(path: flat, force: false)
    try other.setAttribute("infinitewidth_file", .text("comparison"))
    let step = try other.defineDimension("step", length: 2)
    let width = try other.defineVariable("width", Int.self, [step], longName: "width")
    try other.write([1, 2], to: width)
    try other.finish()
    #expect(
      throws: Diagnostic(
        .badInput, "the variable width has the dimensions step; expected: width", file: flat)
    ) { try ComparisonRecord.read(flat) }
    let words = folder("words.nc")
    let third = try NetCDFWriter(path: words, force: false)
    try third.setAttribute("infinitewidth_file", .text("comparison"))
    let number = try third.defineDimension("scaling", length: 1)
    let variable = try third.defineVariable("scaling", Int.self, [number], longName: "scaling")
    try third.write([1], to: variable)
    try third.finish()
    #expect(
      throws: Diagnostic(.badInput, "the variable scaling is no list of texts", file: words)
    ) { try ComparisonRecord.read(words) }
  }
}
