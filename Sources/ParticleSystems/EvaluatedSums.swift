import Networks

/// An ``Evaluation`` of all systems: the sums over their particles, which every process has.
struct EvaluatedSums {
  private let sums: BlockSums
  private let points: Int
  private let outputs: Int
  private let probes: Int
  private let pairs: Int

  /// - Parameter sums: in the order of ``Evaluation/clearedShare(of:)``.
  init(_ sums: BlockSums, points: Int, outputs: Int, probes: Int, pairs: Int) {
    self.sums = sums
    self.points = points
    self.outputs = outputs
    self.probes = probes
    self.pairs = pairs
  }

  /// Logits (point, output).
  func logits(system: Int, factor: Double) -> [Double] {
    sums.row(of: system, 0..<(points * outputs), factor: factor)
  }

  /// The tangent kernel at the probes, mean over the outputs of the entries of each with itself: the
  /// diagonal, and then the pairs i < j row by row, where they are wanted.
  ///
  /// - Parameter products: scalar products of the probes, in the same order.
  func tangentKernel(
    system: Int, particles: Int, step: ParticleStep, products: [Double]
  ) -> [Double] {
    func means(_ offset: Int, _ count: Int) -> [Double] {
      sums.row(of: system, offset..<(offset + count), factor: 1 / Double(particles))
    }
    let tangentOffset = points * outputs
    let pairOffset = tangentOffset + 2 * probes
    // The mean of a^2 over the outputs is taken before the sum.
    let values = means(tangentOffset, probes) + means(pairOffset, pairs)
    let derivatives = means(tangentOffset + probes, probes) + means(pairOffset + pairs, pairs)
    precondition(products.count == values.count, "a product for each entry")
    return values.indices.map {
      step.outputKernelFactor * values[$0]
        + step.inputKernelFactor * derivatives[$0] * products[$0]
    }
  }

  /// The terms f_0, f_a, f_w, f_aw of the logits, each (point, output).
  func decomposition(system: Int, factor: Double) -> [[Double]] {
    let count = points
    let first = count * outputs + 2 * (probes + pairs)
    let all = sums.row(of: system, first..<(first + 4 * count * outputs), factor: factor)
    return (0..<4).map { term in
      (0..<count).flatMap { point in
        (0..<outputs).map { all[($0 * 4 + term) * count + point] }
      }
    }
  }
}
