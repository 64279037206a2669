import DataIO
import Diagnostics
import Measures

/// Laws of the weights of first and last layer at the snapshots of the file of a limit of several hidden layers, which
/// holds those of one replicate; none where it has none.
struct StoredLayers {
  let laws: [Int: WeightLaw]

  /// - Throws: `Diagnostic(.badInput)` where the weights are not those of networks with the inputs and outputs of the
  ///   projector, and as `NetCDFReader`.
  init(path: String, projector: ParticleProjector) throws {
    guard let file = try LayeredMeasureFile(path) else {
      laws = [:]
      return
    }
    guard file.features == projector.features, file.outputs == projector.outputs else {
      throw Diagnostic(
        .badInput,
        "the particles have \(file.features) features and \(file.outputs) outputs where the experiment has"
          + " \(projector.features) and \(projector.outputs)", file: path)
    }
    var laws: [Int: WeightLaw] = [:]
    for (snapshot, step) in file.steps.enumerated() {
      let collector = LayerLawCollector(
        projector, neurons: (file.firstNeurons, file.lastNeurons), hasHalves: false)
      try file.inputWeights(snapshot: snapshot).withUnsafeBufferPointer {
        collector.add(first: 0, inputWeights: $0)
      }
      try file.outputWeights(snapshot: snapshot).withUnsafeBufferPointer {
        collector.add(first: 0, outputWeights: $0)
      }
      laws[step] = try collector.law()
    }
    self.laws = laws
  }
}
