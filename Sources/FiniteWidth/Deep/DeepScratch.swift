import LinearAlgebra
import ParticleSystems

/// Memory of one thread for a block of points.
final class DeepScratch<Scalar: ParticleScalar>: @unchecked Sendable {
  let preactivations: [AlignedBuffer<Scalar>]
  let values: AlignedBuffer<Scalar>
  let slopes: [AlignedBuffer<Scalar>]
  /// Two, of any layer.
  let deltas: [AlignedBuffer<Scalar>]
  private let gram: AlignedBuffer<Scalar>
  private let outputs: Int

  /// - Parameter hasProbes: whether tangent kernels are asked for.
  init(_ layers: [DenseLayer], hasProbes: Bool) {
    let block = DeepForward<Scalar>.block
    outputs = layers.last!.outputs
    preactivations = layers.map { AlignedBuffer(count: block * $0.outputs, repeating: 0) }
    values = AlignedBuffer(count: block * layers.widestHidden, repeating: 0)
    slopes = layers.dropLast().map {
      AlignedBuffer(count: hasProbes ? block * $0.outputs : 0, repeating: 0)
    }
    let widest = max(layers.widestHidden, outputs)
    deltas = (0..<2).map { _ in
      AlignedBuffer(count: hasProbes ? block * widest : 0, repeating: 0)
    }
    gram = AlignedBuffer(count: hasProbes ? block * block : 0, repeating: 0)
  }

  /// Those of the last forward pass, flat (point, output).
  func logits(rows: Int) -> [Double] {
    widened(preactivations.last!.base, count: rows * outputs)
  }

  /// Scalar products of all pairs of rows.
  func products(_ matrix: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int) -> [Double] {
    Scalar.multiply(
      matrix, transposed: false, leading: columns, matrix, transposed: true, leading: columns,
      into: gram.base, leading: rows, m: rows, n: rows, k: columns, alpha: 1, beta: 0)
    return widened(gram.base, count: rows * rows)
  }

  private func widened(_ numbers: UnsafePointer<Scalar>, count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    Scalar.widen(numbers, count: count, to: &result)
    return result
  }
}
