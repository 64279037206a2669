import LinearAlgebra
import Networks

extension ParticleSweep {
  func apply(
    _ update: Update, to block: ParticleLayout.Block, _ scratch: SweepScratch<Scalar>
  ) {
    update.gradients.withUnsafeBufferPointer { gradients in
      let g =
        gradients.baseAddress! + block.system * update.points.count * ensemble.outputs
      if ensemble.outputs == 1 {
        addGradients(block, update.points, g, scratch)
      } else {
        addGradientsOfOutputs(block, update.points, g, scratch)
      }
    }
    move(block, scratch)
  }

  /// One output: v = sum_i g_i phi'(w x_i) x_i, without the factor a, and sum_i g_i phi(w x_i).
  private func addGradients(
    _ block: ParticleLayout.Block, _ points: PointSet<Scalar>,
    _ g: UnsafePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    let w = ensemble.inputWeights(of: block)
    let v = scratch.direction.base
    let z = scratch.preactivations.base
    let sums = scratch.sums.base
    sums.update(repeating: 0, count: block.count)
    PointChunks.forEach(of: points.count) { first, count in
      let shape = BlockShape(rows: block.count, points: count, stride: count)
      if let mask = maskRow(block) {
        Scalar.expandMask(
          law, mask: mask + first / 64, words: maskWords, shape, gradient: g + first, into: z)
      } else {
        points.preactivate(w, rows: block.count, first: first, count: count, into: z)
        Scalar.backward(law, z, shape, gradient: g + first, sums: sums)
      }
      addProduct(z, block, points, first: first, count: count, into: v)
    }
    if mask != nil {
      Scalar.rowDots(w, v, rows: block.count, features: ensemble.features, sums: sums)
    }
  }

  /// Several outputs: sum_i (g_i . a) phi'(w x_i) x_i and sum_i g_i phi(w x_i).
  private func addGradientsOfOutputs(
    _ block: ParticleLayout.Block, _ points: PointSet<Scalar>,
    _ g: UnsafePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    let outputs = ensemble.outputs
    let z = scratch.preactivations.base
    let backward = scratch.backward.base
    PointChunks.forEach(of: points.count) { first, count in
      let shape = BlockShape(rows: block.count, points: count, stride: count)
      let chunk = g + first * outputs
      points.preactivate(
        ensemble.inputWeights(of: block), rows: block.count, first: first, count: count, into: z)
      Scalar.multiply(
        ensemble.outputWeights(of: block), transposed: false, leading: outputs, chunk,
        transposed: true, leading: outputs, into: backward, leading: count, m: block.count,
        n: count, k: outputs, alpha: 1, beta: 0)
      Scalar.backwardOutputs(law, z, backward, shape)
      Scalar.multiply(
        z, transposed: false, leading: count, chunk, transposed: false, leading: outputs,
        into: scratch.sums.base, leading: outputs, m: block.count, n: outputs, k: count, alpha: 1,
        beta: first == 0 ? 0 : 1)
      addProduct(
        backward, block, points, first: first, count: count, into: scratch.direction.base)
    }
  }

  /// Adds the product of a block's rows, one number a point of a chunk, with the inputs; the first
  /// chunk overwrites.
  private func addProduct(
    _ rows: UnsafePointer<Scalar>, _ block: ParticleLayout.Block,
    _ points: PointSet<Scalar>, first: Int, count: Int, into v: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.multiply(
      rows, transposed: false, leading: count, points.inputs.base + first * points.features,
      transposed: false, leading: points.features, into: v, leading: ensemble.features,
      m: block.count, n: ensemble.features, k: count, alpha: 1, beta: first == 0 ? 0 : 1)
  }

  /// Moves a block's parameters along the gradients in the scratch memory.
  private func move(_ block: ParticleLayout.Block, _ scratch: SweepScratch<Scalar>) {
    let a = ensemble.outputWeights(of: block)
    let w = ensemble.inputWeights(of: block)
    let v = scratch.direction.base
    let sums = scratch.sums.base
    let features = ensemble.features
    let inputStep = Scalar(step.inputStep)
    let outputStep = Scalar(step.outputStep)
    if ensemble.outputs == 1 {
      if step.update == .gradient {
        Scalar.update(
          w, v, a, sums: sums, rows: block.count, features: features, inputStep: inputStep,
          outputStep: outputStep)
        return
      }
      Scalar.scaleRows(v, by: a, rows: block.count, features: features)
    }
    let inputs = block.count * features
    let outputs = block.count * ensemble.outputs
    switch step.update {
    case .gradient:
      Scalar.descend(w, along: v, count: inputs, step: inputStep)
      Scalar.descend(a, along: sums, count: outputs, step: outputStep)
    case .momentum(let coefficient):
      Scalar.momentum(
        w, velocity: state.input(of: block), along: v, count: inputs,
        coefficient: Scalar(coefficient), step: inputStep)
      Scalar.momentum(
        a, velocity: state.output(of: block), along: sums, count: outputs,
        coefficient: Scalar(coefficient), step: outputStep)
    case .rmsProp(let smoothing, let outputEpsilon, let inputEpsilon):
      Scalar.rmsProp(
        w, meanSquare: state.input(of: block), along: v, count: inputs, smoothing: smoothing,
        step: inputStep, epsilon: Scalar(inputEpsilon))
      Scalar.rmsProp(
        a, meanSquare: state.output(of: block), along: sums, count: outputs, smoothing: smoothing,
        step: outputStep, epsilon: Scalar(outputEpsilon))
    }
  }
}
