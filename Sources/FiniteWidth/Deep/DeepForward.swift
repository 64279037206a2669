import LinearAlgebra
import Networks
import ParticleSystems

/// The forward pass of one network of an ensemble through a block of points.
struct DeepForward<Scalar: ParticleScalar>: @unchecked Sendable {
  /// Points of a block, whose passes are pieces of work of their own. Fixed, so that products have the same
  /// shapes and bits whatever the number of threads.
  static var block: Int { 128 }

  let ensemble: DeepEnsemble<Scalar>
  let law: PointwiseLaw<Scalar>
  private let ones = AlignedBuffer<Scalar>(count: Self.block, repeating: 1)

  init(_ ensemble: DeepEnsemble<Scalar>, activation: Activation) {
    self.ensemble = ensemble
    law = PointwiseLaw(activation)
  }

  /// Where the blocks of `points` points begin.
  static func blocks(_ points: Int) -> Int { (points + block - 1) / block }

  /// - Parameters:
  ///   - inputs: of `rows` points, at most a block, one a row.
  ///   - preactivations: where those of each layer go, rows of the layer's outputs; of the last layer the logits.
  ///   - values: room for the rows of the widest hidden layer.
  func run(
    system: Int, inputs: UnsafePointer<Scalar>, rows: Int,
    preactivations: (_ layer: Int) -> UnsafeMutablePointer<Scalar>,
    values: UnsafeMutablePointer<Scalar>
  ) {
    var below = inputs
    for (number, layer) in ensemble.layers.enumerated() {
      let target = preactivations(number)
      if layer.hasBias {
        Scalar.multiply(
          ones.base, transposed: false, leading: 1, ensemble.bias(number, system: system),
          transposed: false, leading: layer.outputs, into: target, leading: layer.outputs,
          m: rows, n: layer.outputs, k: 1, alpha: Scalar(layer.biasFactor), beta: 0)
      }
      Scalar.multiply(
        below, transposed: false, leading: layer.inputs, ensemble.weight(number, system: system),
        transposed: true, leading: layer.inputs, into: target, leading: layer.outputs, m: rows,
        n: layer.outputs, k: layer.inputs, alpha: Scalar(layer.weightFactor),
        beta: layer.hasBias ? 1 : 0)
      if number + 1 < ensemble.layers.count {
        Scalar.values(law, target, count: rows * layer.outputs, into: values)
        below = UnsafePointer(values)
      }
    }
  }

  /// Takes gradients by the preactivations of a layer to those by the values of the layer below.
  func pullBack(
    _ layer: Int, system: Int, gradients: UnsafePointer<Scalar>, rows: Int,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    let dense = ensemble.layers[layer]
    Scalar.multiply(
      gradients, transposed: false, leading: dense.outputs,
      ensemble.weight(layer, system: system), transposed: false, leading: dense.inputs,
      into: target, leading: dense.inputs, m: rows, n: dense.inputs, k: dense.outputs,
      alpha: Scalar(dense.weightFactor), beta: 0)
  }
}

extension [DenseLayer] {
  /// Neurons of the widest hidden layer.
  var widestHidden: Int { dropLast().map(\.outputs).max() ?? 1 }
}
