import LinearAlgebra
import ParticleSystems

extension LayeredSystem {
  /// Rows of a block of weights, and what each of them multiplies.
  func shape(_ block: LayeredBlock) -> (layer: Int, columns: Int) {
    switch block {
    case .input: (1, sizes.features)
    case .hidden(let layer): (layer, sizes.layers[layer - 2])
    case .output: (sizes.hiddenLayers, sizes.outputs)
    }
  }

  /// The step of some rows of a block, from the signals and values of the whole batch.
  ///
  /// - Parameters:
  ///   - gradients: of the loss, batch x outputs.
  ///   - scratch: room for as many numbers as the rows have; not used by gradient descent.
  func update(
    _ block: LayeredBlock, rows: Range<Int>, at points: LayeredPoints<Scalar>,
    gradients: UnsafePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let columns = shape(block).columns
    let first = rows.lowerBound * columns
    let weights = particles.weights(block).base + first
    let size = step.step(block)
    if step.rule == .gradient {
      accumulate(
        block, rows, points, gradients, into: weights, alpha: Scalar(-size), beta: 1)
    } else {
      accumulate(block, rows, points, gradients, into: scratch, alpha: 1, beta: 0)
    }
    let count = rows.count * columns
    let remembered = memory.numbers(block).map { $0.base + first }
    switch step.rule {
    case .gradient: break
    case .momentum(let coefficient):
      Scalar.momentum(
        weights, velocity: remembered!, along: scratch, count: count,
        coefficient: Scalar(coefficient), step: Scalar(size))
    case .rmsProp(let smoothing, let input, let hidden, let output):
      let epsilon =
        switch block {
        case .input: input
        case .hidden: hidden
        case .output: output
        }
      Scalar.rmsProp(
        weights, meanSquare: remembered!, along: scratch, count: count, smoothing: smoothing,
        step: Scalar(size), epsilon: Scalar(epsilon))
    }
    if block == .hidden(layer: 2) {
      control?.update(
        rows: rows, signals: signals[1].base + rows.lowerBound * points.count, at: points,
        step: step, scratch: scratch)
    }
  }

  /// target = alpha S + beta target for some rows of the sums S of ``LayeredStep``.
  private func accumulate(
    _ block: LayeredBlock, _ rows: Range<Int>, _ points: LayeredPoints<Scalar>,
    _ gradients: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>,
    alpha: Scalar, beta: Scalar
  ) {
    let (layer, columns) = shape(block)
    let n = points.count
    let first = rows.lowerBound * n
    switch block {
    case .input:
      Scalar.multiply(
        signals[0].base + first, transposed: false, leading: n, points.inputs, transposed: false,
        leading: columns, into: target, leading: columns, m: rows.count, n: columns, k: n,
        alpha: alpha, beta: beta)
    case .hidden:
      Scalar.multiply(
        signals[layer - 1].base + first, transposed: false, leading: n, values[layer - 2].base,
        transposed: true, leading: n, into: target, leading: columns, m: rows.count, n: columns,
        k: n, alpha: alpha, beta: beta)
    case .output:
      Scalar.multiply(
        values[layer - 1].base + first, transposed: false, leading: n, gradients,
        transposed: false, leading: columns, into: target, leading: columns, m: rows.count,
        n: columns, k: n, alpha: alpha, beta: beta)
    }
  }

  /// Room that ``update(_:rows:at:gradients:scratch:)`` needs for so many rows.
  func scratch(rows: Int) -> Int {
    let widest = LayeredBlock.all(hiddenLayers: sizes.hiddenLayers).map { shape($0).columns }.max()!
    return rows * max(step.rule == .gradient ? 0 : widest, control?.trainingPoints ?? 0)
  }
}
