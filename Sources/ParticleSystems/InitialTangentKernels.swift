import Execution
import LinearAlgebra
import MessagePassing
import Networks

/// The tangent kernel of every system of a simulation at initialization, as its own particles have it:
/// what differs from the exact kernel is the noise of the sample.
///
/// The kernel of f_{k+1}(x) = f_k(x) - sum_i K(x, x_i) g_i has two parts,
///
///     K_a = logitScale outputStep E[phi(w x) phi(w x')],
///     K_w = logitScale inputStep E[a^2 phi'(w x) phi'(w x')] x . x'
///
/// (Golikov 2020, arXiv 2006.06574, section 3).
package struct InitialTangentKernels<Scalar: ParticleScalar>: Sendable {
  /// n and all points of the run.
  package let trainingPoints: Int
  package let allPoints: Int
  /// Systems whose kernels this process has: all, or its share where the workers have several.
  package let held: Range<Int>
  /// Of these system by system: K_a between training points (rows) and training points followed by test
  /// points (columns); empty where only the logits are wanted.
  package let outputParts: [AlignedBuffer<Scalar>]
  /// K_w likewise; empty with several outputs, where it is a matrix for each pair of points.
  package let inputParts: [AlignedBuffer<Scalar>]
  /// System by system, of all: the initial logits on training and then test points, flat (point, output).
  package let logits: [[Double]]

  /// Rows of a kernel that are made together, from their own diagonal on: it is symmetric in the training points.
  private static var panel: Int { 128 }

  /// - Cost: 2 n (n + 2 t) operations a particle for n training and t test points (half of it with
  ///   several outputs), one system a thread; memory 2 n (n + t) numbers a system. Systems are divided among
  ///   processes, so that more processes than systems do not make it faster.
  package init(
    sources: [any ParticleSource], inputs: TransportInputs<Scalar>,
    settings: TrainingSettings, hasKernels: Bool, workers: Workers
  ) {
    let n = inputs.training.count
    let all = n + inputs.test.count
    let particles = sources[0].count
    trainingPoints = n
    allPoints = all
    let outputs = settings.outputs
    let hasInputPart = hasKernels && outputs == 1
    let ranks = workers.ranks
    let held = ranks.share(of: sources.count)
    let outputParts =
      hasKernels ? held.map { _ in AlignedBuffer<Scalar>(count: n * all, repeating: 0) } : []
    let inputParts =
      hasInputPart ? held.map { _ in AlignedBuffer<Scalar>(count: n * all, repeating: 0) } : []
    let width = all * outputs
    let sums = AlignedBuffer<Double>(count: sources.count * width, repeating: 0)
    let law = PointwiseLaw<Scalar>(settings.architecture.activation)
    let scale = settings.step.logitScale / Double(particles)
    let products = hasInputPart ? inputs.trainingProducts(workers) : nil
    workers.forProducts.forEach(held.count) { system, _ in
      let source = sources[held.lowerBound + system]
      let sums = sums.base + (held.lowerBound + system) * width
      let rows = min(ParticleLayout.blockSize, particles)
      let a = AlignedBuffer<Scalar>(count: rows * outputs, repeating: 0)
      let w = AlignedBuffer<Scalar>(count: rows * source.features, repeating: 0)
      let values = AlignedBuffer<Scalar>(count: rows * all, repeating: 0)
      let slopes = AlignedBuffer<Scalar>(count: rows * all, repeating: 0)
      let share = AlignedBuffer<Scalar>(count: all * outputs, repeating: 0)
      for first in stride(from: 0, to: particles, by: rows) {
        let count = min(rows, particles - first)
        source.fill(first: first, count: count, outputWeights: a.base, inputWeights: w.base)
        let sizes =
          inputs.smoothing == nil
          ? nil
          : source.massesBySize(first: first, count: count).map {
            ParticleSizes($0, outputWeights: a.base)
          }
        inputs.activate(law, w.base, rows: count, sizes, values: values.base, slopes: slopes.base)
        Scalar.multiply(
          values.base, transposed: true, leading: all, a.base, transposed: false,
          leading: outputs, into: share.base, leading: outputs, m: all, n: outputs, k: count,
          alpha: 1, beta: 0)
        for i in 0..<width { sums[i] += Double(share.base[i]) }
        func add(_ block: AlignedBuffer<Scalar>, to part: AlignedBuffer<Scalar>) {
          for row in stride(from: 0, to: n, by: Self.panel) {
            Scalar.multiply(
              block.base + row, transposed: true, leading: all, block.base + row,
              transposed: false, leading: all, into: part.base + row * (all + 1), leading: all,
              m: min(Self.panel, n - row), n: all - row, k: count, alpha: 1, beta: 1)
          }
        }
        if hasKernels { add(values, to: outputParts[system]) }
        if hasInputPart {
          Scalar.scaleRows(slopes.base, by: a.base, rows: count, features: all)
          add(slopes, to: inputParts[system])
        }
      }
      func mirror(_ part: AlignedBuffer<Scalar>) {
        for i in 0..<n {
          for j in 0..<(i / Self.panel * Self.panel) {
            part.base[i * all + j] = part.base[j * all + i]
          }
        }
      }
      if hasKernels {
        mirror(outputParts[system])
        let factor = [Scalar(scale * settings.step.outputStep)]
        Scalar.scaleRows(outputParts[system].base, by: factor, rows: 1, features: n * all)
      }
      if let products {
        mirror(inputParts[system])
        Scalar.multiply(
          inputParts[system].base, by: products.base, count: n * all,
          factor: Scalar(scale * settings.step.inputStep))
      }
    }
    ranks.gather(UnsafeMutableBufferPointer(start: sums.base, count: sums.count)) {
      let share = ranks.share(of: sources.count, rank: $0)
      return (share.lowerBound * width)..<(share.upperBound * width)
    }
    self.held = held
    self.outputParts = outputParts
    self.inputParts = inputParts
    logits = sources.indices.map { system in
      sums.contents[(system * width)..<((system + 1) * width)].map { $0 * scale }
    }
  }
}

extension TransportInputs {
  /// phi(w x) and phi'(w x) for `rows` particles (rows) on the training points, then the test points
  /// (columns). Slopes do not depend on the particles' sizes.
  fileprivate func activate(
    _ law: PointwiseLaw<Scalar>, _ w: UnsafePointer<Scalar>, rows: Int,
    _ sizes: ParticleSizes<Scalar>?, values: UnsafeMutablePointer<Scalar>,
    slopes: UnsafeMutablePointer<Scalar>
  ) {
    let all = training.count + test.count
    for (points, offset) in [(training, 0), (test, training.count)] where points.count > 0 {
      Scalar.multiply(
        w, transposed: false, leading: points.features, points.inputs.base, transposed: true,
        leading: points.features, into: values + offset, leading: all, m: rows, n: points.count,
        k: points.features, alpha: 1, beta: 0)
    }
    let n = training.count
    guard let smoothing else {
      slopes.update(repeating: 1, count: rows * all)
      Scalar.backwardOutputs(
        law, values, slopes, BlockShape(rows: rows, points: all, stride: all))
      return
    }
    sizes?.remove(from: values + n, BlockShape(rows: rows, points: test.count, stride: all))
    for r in 0..<rows {
      (slopes + r * all).update(repeating: 1, count: n)
      (slopes + r * all + n).update(from: values + r * all + n, count: test.count)
    }
    Scalar.backwardOutputs(law, values, slopes, BlockShape(rows: rows, points: n, stride: all))
    let shape = BlockShape(rows: rows, points: test.count, stride: all)
    smoothing.activation.apply(values + n, shape, deviations: smoothing.deviations)
    sizes?.restore(values + n, shape)
    smoothing.activation.applyDerivative(slopes + n, shape, deviations: smoothing.deviations)
  }

  /// x_i . x for training points x_i (rows) and all points x (columns).
  fileprivate func trainingProducts(_ workers: Workers) -> AlignedBuffer<Scalar> {
    let n = training.count
    let all = n + test.count
    let result = AlignedBuffer<Scalar>(count: n * all, repeating: 0)
    for (points, offset) in [(training, 0), (test, n)] where points.count > 0 {
      Scalar.multiply(
        training.inputs.base, transposed: false, leading: training.features, points.inputs.base,
        transposed: true, leading: points.features, into: result.base + offset, leading: all,
        m: n, n: points.count, k: training.features, alpha: 1, beta: 0)
    }
    return result
  }
}
