import LinearAlgebra
import Networks

extension PreactivationSweep {
  /// Steps one block of particles.
  func apply(
    _ update: Update, gram: AlignedBuffer<Scalar>, to block: ParticleLayout.Block,
    _ scratch: Scratch
  ) {
    let n = ensemble.points
    let outputs = ensemble.layout.outputs
    let size = update.batch?.count ?? n
    let a = ensemble.outputWeights(of: block)
    let c = ensemble.coefficients(of: block)
    let z = ensemble.preactivations(of: block)
    let changes = scratch.changes.base
    let sums = scratch.sweep.sums.base
    let isFused = outputs == 1 && step.update == .gradient && update.batch == nil
    let inputStep = Scalar(step.inputStep)
    update.gradients.withUnsafeBufferPointer { gradients in
      let g = gradients.baseAddress! + block.system * size * outputs
      if isFused {
        Scalar.preactivationStep(
          law, z, rows: block.count, points: n, gradient: g, outputWeights: a, step: inputStep,
          delta: changes, deltaStride: paddedPoints, coefficients: c, sums: sums)
      } else {
        addGradients(g, a, z, update.batch, size: size, rows: block.count, sums: sums, scratch)
        switch step.update {
        case .momentum(let coefficient):
          addMomentum(coefficient, update.batch, block, scratch)
        case .gradient, .rmsProp:
          addCoefficients(c, update.batch, changes, size: size, rows: block.count, inputStep)
        }
      }
    }
    let isMomentum = !isFused && step.update != .gradient
    // With momentum every coefficient moves, also those of points outside the batch.
    let moved = isMomentum ? inputVelocities.base + block.row * n : changes
    let products = isMomentum ? self.gram : gram
    Scalar.multiply(
      moved, transposed: false, leading: isMomentum ? n : isFused ? paddedPoints : size,
      products.base, transposed: false,
      leading: paddedPoints, into: z, leading: n, m: block.count, n: n, k: isMomentum ? n : size,
      alpha: isFused ? -1 : -inputStep, beta: 1)
    moveOutputWeights(a, sums, block)
  }

  /// (g_i . a_r) phi'(z_ri) in `changes` and sum_i g_i phi(z_ri) in the sums.
  func addGradients(
    _ g: UnsafePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ z: UnsafePointer<Scalar>,
    _ batch: [Int]?, size: Int, rows: Int, sums: UnsafeMutablePointer<Scalar>,
    _ scratch: Scratch
  ) {
    let n = ensemble.points
    let outputs = ensemble.layout.outputs
    let values = scratch.values.base
    if let batch {
      for r in 0..<rows {
        for (position, index) in batch.enumerated() {
          values[r * size + position] = z[r * n + index]
        }
      }
    } else {
      values.update(from: z, count: rows * n)
    }
    Scalar.multiply(
      a, transposed: false, leading: outputs, g, transposed: true, leading: outputs,
      into: scratch.changes.base, leading: size, m: rows, n: size, k: outputs, alpha: 1, beta: 0)
    Scalar.backwardOutputs(
      law, values, scratch.changes.base, BlockShape(rows: rows, points: size, stride: size))
    Scalar.multiply(
      values, transposed: false, leading: size, g, transposed: false, leading: outputs,
      into: sums, leading: outputs, m: rows, n: outputs, k: size, alpha: 1, beta: 0)
  }

  func addCoefficients(
    _ c: UnsafeMutablePointer<Scalar>, _ batch: [Int]?, _ changes: UnsafePointer<Scalar>,
    size: Int, rows: Int, _ inputStep: Scalar
  ) {
    let n = ensemble.points
    guard let batch else {
      Scalar.descend(c, along: changes, count: rows * n, step: -inputStep)
      return
    }
    for r in 0..<rows {
      for (position, index) in batch.enumerated() {
        c[r * n + index] += inputStep * changes[r * size + position]
      }
    }
  }

  /// v <- momentum v + D, c += inputStep v.
  private func addMomentum(
    _ coefficient: Double, _ batch: [Int]?, _ block: ParticleLayout.Block, _ scratch: Scratch
  ) {
    let n = ensemble.points
    let changes = scratch.changes.base
    let velocity = inputVelocities.base + block.row * n
    let c = ensemble.coefficients(of: block)
    let inputStep = Scalar(step.inputStep)
    guard let batch else {
      Scalar.momentum(
        c, velocity: velocity, along: changes, count: block.count * n,
        coefficient: Scalar(coefficient), step: -inputStep)
      return
    }
    for r in 0..<block.count {
      let row = velocity + r * n
      for i in 0..<n { row[i] *= Scalar(coefficient) }
      for (position, index) in batch.enumerated() {
        row[index] += changes[r * batch.count + position]
      }
    }
    Scalar.descend(c, along: velocity, count: block.count * n, step: -inputStep)
  }

  func moveOutputWeights(
    _ a: UnsafeMutablePointer<Scalar>, _ sums: UnsafePointer<Scalar>,
    _ block: ParticleLayout.Block
  ) {
    let count = block.count * ensemble.layout.outputs
    let outputStep = Scalar(step.outputStep)
    if case .momentum(let coefficient) = step.update {
      Scalar.momentum(
        a, velocity: outputVelocities.base + block.row * ensemble.layout.outputs, along: sums,
        count: count, coefficient: Scalar(coefficient), step: outputStep)
    } else {
      Scalar.descend(a, along: sums, count: count, step: outputStep)
    }
  }
}
