import Execution
import LinearAlgebra
import Networks

/// One pass over an ensemble: each block of particles takes a gradient step and, while it is in
/// cache, adds its share to the logits of the new parameters.
///
/// The products with the inputs are OpenBLAS calls on blocks of ``ParticleEnsemble/blockSize``
/// particles and at most `chunkSize` points, on memory of the worker: no array of size points x
/// particles exists. With n points, D features and N particles a step costs 4 n D N operations
/// where signs are kept, 6 n D N where the preactivations must be made again.
///
/// *Signs.* For a piecewise linear phi the step needs of the preactivations z only their signs:
/// phi'(z) is one of two numbers, and with v = sum_i g_i phi'(w x_i) x_i, which the step of w needs
/// anyway, sum_i g_i phi(w x_i) = w . v by Euler's theorem. One bit a point and particle is kept
/// from the forward half of a pass to the backward half of the next, provided that these bits take
/// no more memory than the particles' own parameters.
final class ParticleSweep<Scalar: ParticleScalar>: @unchecked Sendable {
  let ensemble: ParticleEnsemble<Scalar>
  let law: PointwiseLaw<Scalar>
  let step: ParticleStep
  private let workers: Workers
  private let mask: AlignedBuffer<UInt64>?
  private let maskWords: Int
  private var scratch: [Scratch]

  /// At most this many points at a time: a block of preactivations is then 2 MiB in single
  /// precision. A multiple of 64, so that chunks begin at whole words of a mask.
  static var chunkSize: Int { 1024 }

  /// A gradient step on `points`: `gradients` holds one dL/df a point, system by system.
  struct Update {
    let points: PointSet<Scalar>
    let gradients: [Scalar]
  }

  /// - Parameters:
  ///   - largestBatch: the most points an update will have.
  ///   - largestPointSet: the most points any evaluation or update will have.
  init(
    ensemble: ParticleEnsemble<Scalar>, activation: Activation, step: ParticleStep,
    largestBatch: Int, largestPointSet: Int, decomposes: Bool, workers: Workers
  ) {
    self.ensemble = ensemble
    law = PointwiseLaw(activation)
    self.step = step
    self.workers =
      OpenBLAS.allowsConcurrentCalls ? workers : Workers(count: 1)
    maskWords = (largestBatch + 63) / 64
    let particleBytes = (ensemble.features + 1) * MemoryLayout<Scalar>.stride
    mask =
      law.isPiecewiseLinear && maskWords * 8 <= particleBytes
      ? AlignedBuffer(count: ensemble.systems * ensemble.particles * maskWords, repeating: 0) : nil
    let rows = min(ParticleEnsemble<Scalar>.blockSize, ensemble.particles)
    let points = min(Self.chunkSize, (largestPointSet + 63) / 64 * 64)
    scratch = (0..<self.workers.count).map { _ in
      Scratch(rows: rows, points: points, features: ensemble.features, decomposes: decomposes)
    }
  }

  /// Memory of one worker.
  private struct Scratch {
    let preactivations: AlignedBuffer<Scalar>
    let direction: AlignedBuffer<Scalar>
    let sums: AlignedBuffer<Scalar>
    let masses: AlignedBuffer<Scalar>
    let initialPreactivations: AlignedBuffer<Scalar>
    let initialOutputWeights: AlignedBuffer<Scalar>

    init(rows: Int, points: Int, features: Int, decomposes: Bool) {
      preactivations = AlignedBuffer(count: rows * points, repeating: 0)
      direction = AlignedBuffer(count: rows * features, repeating: 0)
      sums = AlignedBuffer(count: rows, repeating: 0)
      masses = AlignedBuffer(count: rows, repeating: 1)
      initialPreactivations = AlignedBuffer(count: decomposes ? rows * points : 0, repeating: 0)
      initialOutputWeights = AlignedBuffer(count: decomposes ? rows : 0, repeating: 0)
    }
  }

  /// Steps every particle (where there is an update), then evaluates the new parameters.
  func run(update: Update?, evaluations: [Evaluation<Scalar>]) {
    if let update {
      precondition(update.gradients.count == ensemble.systems * update.points.count)
    }
    let scratch = scratch
    workers.forEach(ensemble.blockCount) { [self] index, worker in
      let block = ensemble.block(index)
      if let update { apply(update, to: block, scratch[worker]) }
      for evaluation in evaluations { add(block, index, to: evaluation, scratch[worker]) }
    }
  }

  /// Points `first ..< first + count` of a set, at most `chunkSize` of them.
  private func forEachChunk(of points: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    guard points > 0 else { return }
    let chunks = (points + Self.chunkSize - 1) / Self.chunkSize
    let size = ((points + chunks - 1) / chunks + 63) / 64 * 64
    for first in stride(from: 0, to: points, by: size) { body(first, min(size, points - first)) }
  }

  /// z = w x for a block and a chunk of points.
  private func preactivate(
    _ w: UnsafePointer<Scalar>, rows: Int, _ points: PointSet<Scalar>, first: Int, count: Int,
    into z: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.multiply(
      w, transposed: false, leading: ensemble.features,
      points.inputs.base + first * points.features, transposed: true, leading: points.features,
      into: z, leading: count, m: rows, n: count, k: ensemble.features, alpha: 1, beta: 0)
  }

  private func maskRow(_ block: ParticleEnsemble<Scalar>.Block) -> UnsafeMutablePointer<UInt64>? {
    mask.map { $0.base + (block.system * ensemble.particles + block.first) * maskWords }
  }

  private func apply(
    _ update: Update, to block: ParticleEnsemble<Scalar>.Block, _ scratch: Scratch
  ) {
    let a = ensemble.outputWeights(of: block)
    let w = ensemble.inputWeights(of: block)
    let v = scratch.direction.base
    let z = scratch.preactivations.base
    let sums = scratch.sums.base
    let points = update.points
    sums.update(repeating: 0, count: block.count)
    update.gradients.withUnsafeBufferPointer { gradients in
      let g = gradients.baseAddress! + block.system * points.count
      forEachChunk(of: points.count) { first, count in
        let shape = BlockShape(rows: block.count, points: count, stride: count)
        if let mask = maskRow(block) {
          Scalar.expandMask(
            law, mask: mask + first / 64, words: maskWords, shape, gradient: g + first, into: z)
        } else {
          preactivate(w, rows: block.count, points, first: first, count: count, into: z)
          Scalar.backward(law, z, shape, gradient: g + first, sums: sums)
        }
        Scalar.multiply(
          z, transposed: false, leading: count, points.inputs.base + first * points.features,
          transposed: false, leading: points.features, into: v, leading: ensemble.features,
          m: block.count, n: ensemble.features, k: count, alpha: 1, beta: first == 0 ? 0 : 1)
      }
    }
    if mask != nil {
      Scalar.rowDots(w, v, rows: block.count, features: ensemble.features, sums: sums)
    }
    Scalar.update(
      w, v, a, sums: sums, rows: block.count, features: ensemble.features,
      inputStep: Scalar(step.inputStep), outputStep: Scalar(step.outputStep))
  }

  private func add(
    _ block: ParticleEnsemble<Scalar>.Block, _ index: Int, to evaluation: Evaluation<Scalar>,
    _ scratch: Scratch
  ) {
    let share = evaluation.clearedShare(of: index)
    let a = ensemble.outputWeights(of: block)
    let w = ensemble.inputWeights(of: block)
    let z = scratch.preactivations.base
    forEachChunk(of: evaluation.points.count) { first, count in
      let shape = BlockShape(rows: block.count, points: count, stride: count)
      preactivate(
        w, rows: block.count, evaluation.points, first: first, count: count, into: z)
      Scalar.forward(law, z, shape, coefficients: a, sums: share + first)
      if evaluation.keepsMask, let mask = maskRow(block) {
        Scalar.packMask(z, shape, mask: mask + first / 64, words: maskWords)
      }
      let probes = min(max(evaluation.probes - first, 0), count)
      if probes > 0 {
        let sums = share + evaluation.tangentOffset + first
        Scalar.tangentSums(
          law, z, BlockShape(rows: block.count, points: probes, stride: count),
          outputWeights: a, masses: scratch.masses.base, valueSums: sums,
          derivativeSums: sums + evaluation.probes)
      }
    }
    if evaluation.decomposes { addDecomposition(of: block, to: evaluation, share, scratch) }
  }

  /// Adds the block's share of the four terms, with the initial parameters drawn again into the
  /// memory of the update's direction, which is free between updates.
  private func addDecomposition(
    of block: ParticleEnsemble<Scalar>.Block, to evaluation: Evaluation<Scalar>,
    _ share: UnsafeMutablePointer<Scalar>, _ scratch: Scratch
  ) {
    let w0 = scratch.direction.base
    let a0 = scratch.initialOutputWeights.base
    let z = scratch.preactivations.base
    let z0 = scratch.initialPreactivations.base
    ensemble.fillInitial(block, a0, w0)
    let points = evaluation.points
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 4 * Self.chunkSize) { terms in
      forEachChunk(of: points.count) { first, count in
        let shape = BlockShape(rows: block.count, points: count, stride: count)
        preactivate(
          ensemble.inputWeights(of: block), rows: block.count, points, first: first,
          count: count, into: z)
        preactivate(w0, rows: block.count, points, first: first, count: count, into: z0)
        terms.initialize(repeating: 0)
        Scalar.decomposition(
          law, z, initial: z0, shape, outputWeights: ensemble.outputWeights(of: block),
          initialOutputWeights: a0, terms: terms.baseAddress!)
        for term in 0..<4 {
          let target = share + evaluation.decompositionOffset + term * points.count + first
          target.update(from: terms.baseAddress! + term * count, count: count)
        }
      }
    }
  }
}
