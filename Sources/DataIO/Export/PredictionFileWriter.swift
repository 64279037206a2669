import LinearAlgebra

/// Writes PREDICTION.nc, one law of functions after another.
///
/// Created when the run starts, so that a destination that cannot be written fails at once. Without
/// ``finish()`` nothing is left behind.
package final class PredictionFileWriter {
  private let file: NetCDFWriter
  private var variables: [String: NetCDFVariable] = [:]
  private let times: Int

  /// What a file is about, known before its numbers.
  package struct Description: Sendable {
    var metadata: FileMetadata
    var outputs: Int
    var trainingLabels: [Double]
    var testLabels: [Double]
    var noiseDeviation: Double
    /// In training steps.
    var times: [Double]
    /// Whether covariances between test points are kept.
    var givesCovariance: Bool

    package init(
      metadata: FileMetadata, outputs: Int, trainingLabels: [Double], testLabels: [Double],
      noiseDeviation: Double, times: [Double], givesCovariance: Bool
    ) {
      self.metadata = metadata
      self.outputs = outputs
      self.trainingLabels = trainingLabels
      self.testLabels = testLabels
      self.noiseDeviation = noiseDeviation
      self.times = times
      self.givesCovariance = givesCovariance
    }
  }

  /// Creates the file.
  ///
  /// - Throws: as `NetCDFWriter/init(path:force:)`.
  package init(path: String, force: Bool, _ description: Description) throws {
    file = try NetCDFWriter(path: path, force: force)
    times = description.times.count
    try file.writeMetadata(
      description.metadata,
      title: "Predictions of infinitely wide neural networks from their kernels")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.prediction.rawValue))
    try file.setAttribute("noise_std", .double(description.noiseDeviation))
    let time = try file.defineDimension("time", length: times)
    let output = try file.defineDimension("output", length: description.outputs)
    var points: [String: NetCDFDimension] = [:]
    for (set, labels, words) in [
      ("train", description.trainingLabels, "training"), ("test", description.testLabels, "test"),
    ] {
      let dimension = try file.defineDimension(set, length: labels.count)
      points[set] = dimension
      try file.writeCoordinate(
        Array(labels.indices), dimension, longName: "number of the \(words) point, from 0")
      let label = try file.defineVariable(
        "\(set)_label", Double.self, [dimension], longName: "label of the \(words) point")
      try file.write(labels, to: label)
    }
    try file.writeCoordinate(
      Array(0..<description.outputs), output, longName: "number of the output, from 0")
    let steps = try file.defineVariable(
      "time", Double.self, [time],
      longName: "training time in steps of the learning rate, infinite at the end of training")
    try file.write(description.times, to: steps)
    for (prefix, law, leading) in [
      ("nngp", "posterior of the Bayesian network (NNGP)", [NetCDFDimension]()),
      ("ntk", "networks trained by gradient descent (tangent kernel)", [time]),
    ] {
      for (set, words) in [("train", "training"), ("test", "test")] {
        let place = "at the \(words) points: \(law)"
        try define(
          "\(prefix)_\(set)_mean", leading + [points[set]!, output], "mean of the function \(place)"
        )
        try define(
          "\(prefix)_\(set)_std", leading + [points[set]!],
          "standard deviation of each output of the function \(place)")
      }
      for (name, longName) in PredictionScores.variables {
        try define("\(prefix)_\(name)", leading, "\(longName): \(law)")
      }
    }
    guard description.givesCovariance else { return }
    let other = try file.defineDimension("other_test", length: description.testLabels.count)
    try file.writeCoordinate(
      Array(description.testLabels.indices), other, longName: "number of the test point, from 0")
    for (prefix, leading) in [("nngp", [NetCDFDimension]()), ("ntk", [time])] {
      try define(
        "\(prefix)_test_covariance", leading + [points["test"]!, other],
        "covariance of each output of the function between test points")
    }
  }

  private func define(
    _ name: String, _ dimensions: [NetCDFDimension], _ longName: String
  ) throws {
    variables[name] = try file.defineVariable(
      name, Double.self, dimensions, longName: longName)
  }

  /// Writes the Bayesian network's law, or that of trained networks at one of the times.
  ///
  /// - Parameter covariance: between test points, where the description has it.
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func write(
    _ law: PredictionRecord.FunctionLaw, covariance: Matrix<Double>?, time index: Int? = nil
  ) throws {
    let prefix = index == nil ? "nngp" : "ntk"
    func put(_ values: [Double], _ name: String) throws {
      let variable = variables["\(prefix)_\(name)"]!
      guard let index else { return try file.write(values, to: variable) }
      try file.write(
        values, to: variable, start: [index] + variable.shape.dropFirst().map { _ in 0 },
        count: [1] + variable.shape.dropFirst())
    }
    try put(law.trainingMean, "train_mean")
    try put(law.testMean, "test_mean")
    try put(law.trainingDeviation, "train_std")
    try put(law.testDeviation, "test_std")
    for (name, value) in zip(PredictionScores.names, law.scores.values) { try put([value], name) }
    if let covariance { try put(covariance.elements, "test_covariance") }
  }

  /// Sets a global attribute that is known after the run only.
  package func setAttribute(_ name: String, _ value: AttributeValue) throws {
    try file.setAttribute(name, value)
  }

  /// Completes the file and moves it into place.
  package func finish() throws { try file.finish() }
}
