import Diagnostics
import LinearAlgebra
import Measures
import Networks

/// The points of ``DatasetRequest/Source/synthetic(dimension:separation:seed:)``: point i has label
/// -1 for even and +1 for odd i and the normal numbers of particle i; test points follow the
/// training points.
func syntheticPoints(
  _ request: DatasetRequest, dimension: Int, separation: Double, seed: UInt64
) throws -> ChosenPoints {
  func rejected(_ received: String, _ accepted: String, key: String) -> Diagnostic {
    Diagnostic(.badInput, "received \(received); accepted: \(accepted)", key: key)
  }
  guard dimension >= 1 else {
    throw rejected("\(dimension)", "a whole number of at least 1", key: "data.dimension")
  }
  guard separation.isFinite, separation >= 0 else {
    throw rejected("\(separation)", "a finite number of at least 0", key: "data.separation")
  }
  guard request.classes == nil else {
    throw rejected("classes", "none, the synthetic classes are -1 and 1", key: "data.classes")
  }
  guard request.subsetSeed == nil else {
    throw rejected(
      "\(request.subsetSeed ?? 0)", "none, synthetic points are random and balanced as they are",
      key: "data.subset_seed")
  }
  guard !request.regression else {
    throw Diagnostic(
      .badInput, "received synthetic for real targets; accepted: csv, or a loss for two classes",
      key: "data.format")
  }
  guard let trainCount = request.trainCount else {
    throw rejected("no number", "the number of synthetic training points", key: "data.train")
  }
  guard let testCount = request.testCount else {
    throw rejected("no number", "the number of synthetic test points", key: "data.test")
  }
  let (points, tooMany) = trainCount.addingReportingOverflow(testCount)
  let (numbers, tooLarge) = points.multipliedReportingOverflow(by: dimension)
  guard !tooMany, !tooLarge, numbers <= physicalMemory / 8 else {
    throw rejected(
      "\(trainCount) + \(testCount) points of dimension \(dimension)",
      "at most \(physicalMemory / 8) numbers, the memory of this machine", key: "data.train")
  }

  let stream = RandomStream(seed: seed, stream: .syntheticData)
  let shift = separation / 2 / Double(dimension).squareRoot()
  func make(_ particles: Range<Int>) -> (Matrix<Double>, [Double]) {
    let labels = particles.map { $0.isMultiple(of: 2) ? -1.0 : 1.0 }
    let elements = [Double](unsafeUninitializedCapacity: particles.count * dimension) {
      buffer, initialized in
      initialized = particles.count * dimension
      for (row, particle) in particles.enumerated() {
        let point = UnsafeMutableBufferPointer(
          rebasing: buffer[(row * dimension)..<((row + 1) * dimension)])
        stream.fillNormals(point, particle: particle)
        for j in point.indices { point[j] += labels[row] * shift }
      }
    }
    return (Matrix(rows: particles.count, columns: dimension, elements: elements), labels)
  }
  return ChosenPoints(
    training: make(0..<trainCount), test: make(trainCount..<points),
    task: .binary(classNames: ["-1", "1"]))
}
