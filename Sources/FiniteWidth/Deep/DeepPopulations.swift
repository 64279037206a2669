import LinearAlgebra
import Networks
import ParticleSystems

/// What the neurons of one deep network are, layer by layer: their weights to the data and to the outputs, in the units
/// of the layers (hatted weights), and their preactivations at some points.
package struct DeepPopulations<Scalar: ParticleScalar>: Sendable {
  /// Of the first hidden layer (neuron, input).
  package let inputWeights: [Scalar]
  /// Of the last one (neuron, output).
  package let outputWeights: [Scalar]
  /// By hidden layer (neuron, point).
  package let preactivations: [[Scalar]]
}

extension DeepNetworks {
  /// The neurons of one of the networks as they are.
  ///
  /// Cost: a forward pass of the points.
  ///
  /// - Parameter probes: test points, the first ones, at which preactivations are wanted.
  package func populations<Scalar: ParticleScalar>(
    of networks: DeepEnsemble<Scalar>, system: Int, probes: Int
  ) -> DeepPopulations<Scalar> {
    precondition(probes <= settings.problem.testCount && layers.count >= 2)
    let features = settings.problem.inputDimension
    let points = Matrix(
      rows: probes, columns: features,
      elements: Array(settings.problem.testInputs.elements.prefix(probes * features)))
    return DeepPopulations(
      DeepForward(networks, activation: settings.architecture.activation), system: system,
      PointSet(points))
  }
}

extension DeepPopulations {
  fileprivate init(
    _ forward: DeepForward<Scalar>, system: Int, _ points: PointSet<Scalar>
  ) {
    let probes = points.count
    let layers = forward.ensemble.layers
    func weights(_ number: Int) -> UnsafeMutablePointer<Scalar> {
      forward.ensemble.weight(number, system: system)
    }
    let (first, last) = (layers[0], layers.last!)
    let (input, output) = (weights(0), weights(layers.count - 1))
    let inputUnit = Scalar(first.weightUnit)
    inputWeights = (0..<(first.outputs * first.inputs)).map { input[$0] / inputUnit }
    let outputUnit = Scalar(last.weightUnit)
    outputWeights = (0..<(last.inputs * last.outputs)).map { place in
      let (neuron, number) = place.quotientAndRemainder(dividingBy: last.outputs)
      return output[number * last.inputs + neuron] / outputUnit
    }
    let hidden = layers.dropLast()
    var result = hidden.map { [Scalar](repeating: 0, count: $0.outputs * probes) }
    let block = DeepForward<Scalar>.block
    let rooms = layers.map { AlignedBuffer<Scalar>(count: block * $0.outputs, repeating: 0) }
    let values = AlignedBuffer<Scalar>(count: block * layers.widestHidden, repeating: 0)
    withExtendedLifetime((rooms, values)) {
      for start in stride(from: 0, to: probes, by: block) {
        let rows = min(block, probes - start)
        forward.run(
          system: system, inputs: points.inputs.base + start * points.features, rows: rows,
          preactivations: { rooms[$0].base }, values: values.base)
        for (number, layer) in hidden.enumerated() {
          for neuron in 0..<layer.outputs {
            for row in 0..<rows {
              result[number][neuron * probes + start + row] =
                rooms[number].base[row * layer.outputs + neuron]
            }
          }
        }
      }
    }
    preactivations = result
  }
}
