import Execution
import LinearAlgebra
import MessagePassing
import Networks
import ParticleSystems

/// What is known exactly to be wrong with initial samples: their logits f_0^N, which should vanish, and
/// their tangent kernels' difference from the exact one, K^N - K, system by system.
struct InitialSampleErrors<Scalar: ParticleScalar> {
  let trainingPoints: Int
  let allPoints: Int
  private let outputs: Int
  private let workers: Workers
  /// Those of the systems that have their kernels on this process, in sets of systems that are divided among processes.
  private let sets: [SharedSystems]
  private let initialLogits: [[Double]]
  /// Whether the samples' initial logits are not zero by their design.
  private let hasInitialLogits: Bool

  var systems: Int { initialLogits.count }
  /// Parts of the kernel that have a control variate each, the last ones.
  let kernelParts: Int

  /// K^N - K of some of consecutive systems.
  private struct SharedSystems: Sendable {
    /// Consecutive systems of the set, counted through all sets.
    let systems: Range<Int>
    /// Those of them that this process has.
    let held: Range<Int>
    /// Of these part by part (n x (n + t)).
    let errors: [[AlignedBuffer<Scalar>]]
  }

  /// - Parameters:
  ///   - kernels: their matrices are used up.
  ///   - exact: `nil` where only the initial logits are known exactly.
  init(
    _ kernels: [InitialTangentKernels<Scalar>], exact: InitialKernelParts?, outputs: Int,
    workers: Workers
  ) {
    self.outputs = outputs
    self.workers = workers.forProducts
    kernelParts = exact == nil ? 0 : outputs == 1 ? 2 : 1
    trainingPoints = kernels[0].trainingPoints
    allPoints = kernels[0].allPoints
    initialLogits = kernels.flatMap(\.logits)
    // Where the design makes them zero there is nothing to correct.
    hasInitialLogits = initialLogits.contains { $0.contains { abs($0) > 1e-6 } }
    var first = 0
    sets = kernels.map { kernels in
      defer { first += kernels.logits.count }
      return SharedSystems(
        systems: first..<(first + kernels.logits.count),
        held: (first + kernels.held.lowerBound)..<(first + kernels.held.upperBound),
        errors: kernels.errors(exact))
    }
  }

  /// Points of the control variates.
  enum Points {
    /// Numbers of training points, or `nil` for all of them.
    case training([Int]?)
    case test
  }

  /// The control variates -f_0^N, (K_a^N - K_a) S, (K_w^N - K_w) S of every system, those that there
  /// are, flat (point, output): 2 n operations a point and part, since the kernel is symmetric and rows
  /// serve for columns.
  ///
  /// - Parameter sums: S, system by system (training point, output).
  func variates(on points: Points, sums: [[Double]]) -> [[[Double]]] {
    switch points {
    case .training(let batch): trainingVariates(batch, sums)
    case .test: testVariates(sums)
    }
  }

  private func trainingVariates(_ points: [Int]?, _ sums: [[Double]]) -> [[[Double]]] {
    let n = trainingPoints
    let count = points?.count ?? n
    return variates(sums, count: count, initial: points ?? Array(0..<n)) {
      [allPoints, outputs] matrix, weights, result in
      if points == nil, outputs == 1 {
        // Reading the matrices of all systems is what this costs.
        Scalar.multiply(symmetric: matrix, leading: allPoints, weights, into: result, count: n)
        return
      }
      var rows = UnsafePointer(matrix)
      var leading = allPoints
      let gathered = AlignedBuffer<Scalar>(count: points == nil ? 0 : count * n, repeating: 0)
      if let points {
        for (position, point) in points.enumerated() {
          (gathered.base + position * n).update(from: matrix + point * allPoints, count: n)
        }
        rows = UnsafePointer(gathered.base)
        leading = n
      }
      Scalar.multiply(
        rows, transposed: false, leading: leading, weights, transposed: false, leading: outputs,
        into: result, leading: outputs, m: count, n: outputs, k: n, alpha: 1, beta: 0)
    }
  }

  private func testVariates(_ sums: [[Double]]) -> [[[Double]]] {
    let n = trainingPoints
    let count = allPoints - n
    guard count > 0 else { return (0..<systems).map { _ in [] } }
    return variates(sums, count: count, initial: Array(n..<allPoints)) {
      [allPoints, outputs] matrix, weights, result in
      Scalar.multiply(
        matrix + n, transposed: true, leading: allPoints, weights, transposed: false,
        leading: outputs, into: result, leading: outputs, m: count, n: outputs, k: n, alpha: 1,
        beta: 0)
    }
  }

  /// - Parameters:
  ///   - initial: numbers of the points among all.
  ///   - product: writes K^N - K of one part times the weights S: (point, output).
  private func variates(
    _ sums: [[Double]], count: Int, initial: [Int],
    product:
      @Sendable (
        _ matrix: UnsafeMutablePointer<Scalar>, _ weights: [Scalar],
        _ result: UnsafeMutablePointer<Scalar>
      ) -> Void
  ) -> [[[Double]]] {
    let parts = kernelParts
    let width = count * outputs
    let results = AlignedBuffer<Scalar>(count: systems * parts * width, repeating: 0)
    let held = sets.flatMap { set in
      set.held.map { (system: $0, errors: set.errors[$0 - set.held.lowerBound]) }
    }
    workers.forEach(held.count) { piece, _ in
      let (system, errors) = held[piece]
      let weights = sums[system].map { Scalar($0) }
      for part in 0..<parts {
        product(errors[part].base, weights, results.base + (system * parts + part) * width)
      }
    }
    for set in sets {
      let row = parts * width
      let all = UnsafeMutableBufferPointer(
        start: results.base + set.systems.lowerBound * row, count: set.systems.count * row)
      workers.ranks.gather(all) { [ranks = workers.ranks] in
        let share = ranks.share(of: set.systems.count, rank: $0)
        return (share.lowerBound * row)..<(share.upperBound * row)
      }
    }
    return (0..<systems).map { system in
      let initialLogits =
        hasInitialLogits ? [initialLogits[system].rows(initial, of: outputs).map { -$0 }] : []
      return initialLogits
        + (0..<parts).map { part in
          let base = results.base + (system * parts + part) * width
          return (0..<width).map { Double(base[$0]) }
        }
    }
  }
}

extension InitialTangentKernels {
  /// System by system and part by part K^N - K, in the place of K^N; nothing without an exact kernel.
  fileprivate func errors(_ exact: InitialKernelParts?) -> [[AlignedBuffer<Scalar>]] {
    guard let exact else { return held.map { _ in [] } }
    precondition(exact.output.rows == trainingPoints && exact.output.columns == allPoints)
    let count = trainingPoints * allPoints
    for (parts, exact) in [(outputParts, exact.output), (inputParts, exact.input)]
    where !parts.isEmpty {
      let rounded = AlignedBuffer<Scalar>(count: count, repeating: 0)
      Scalar.round(exact.elements, count: count, to: rounded.base)
      for part in parts {
        Scalar.descend(part.base, along: rounded.base, count: count, step: 1)
      }
    }
    return (0..<held.count).map { system in
      [outputParts[system]] + (inputParts.isEmpty ? [] : [inputParts[system]])
    }
  }
}
