import LinearAlgebra
import Networks

extension ParticleSweep {
  func apply(
    _ update: Update, to block: ParticleLayout.Block, _ scratch: SweepScratch<Scalar>
  ) {
    addGradients(update, block, scratch)
    move(block, scratch)
  }

  /// The gradients of a block's parameters, in the scratch memory; with one output those of w without
  /// the factor a.
  func addGradients(
    _ update: Update, _ block: ParticleLayout.Block, _ scratch: SweepScratch<Scalar>
  ) {
    update.gradients.withUnsafeBufferPointer { gradients in
      let g =
        gradients.baseAddress! + block.system * update.points.count * ensemble.outputs
      if ensemble.outputs == 1 {
        addGradients(block, update.points, g, scratch)
      } else {
        gradientSums.ofSeveralOutputs(
          outputWeights: ensemble.outputWeights(of: block),
          inputWeights: ensemble.inputWeights(of: block), rows: block.count, update.points, g,
          intoOutput: scratch.sums.base, intoInput: scratch.direction.base, scratch)
      }
    }
  }

  /// One output: v = sum_i g_i phi'(w x_i) x_i, without the factor a, and sum_i g_i phi(w x_i).
  private func addGradients(
    _ block: ParticleLayout.Block, _ points: PointSet<Scalar>,
    _ g: UnsafePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    let w = ensemble.inputWeights(of: block)
    let v = scratch.direction.base
    let sums = scratch.sums.base
    guard let mask = maskRow(block) else {
      gradientSums.ofOneOutput(
        inputWeights: w, rows: block.count, points, g, intoOutput: sums, intoInput: v, scratch)
      return
    }
    let z = scratch.preactivations.base
    PointChunks.forEach(of: points.count) { first, count in
      let shape = BlockShape(rows: block.count, points: count, stride: count)
      Scalar.expandMask(
        law, mask: mask + first / 64, words: maskWords, shape, gradient: g + first, into: z)
      gradientSums.addProduct(z, rows: block.count, points, first: first, count: count, into: v)
    }
    Scalar.rowDots(w, v, rows: block.count, features: ensemble.features, sums: sums)
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
