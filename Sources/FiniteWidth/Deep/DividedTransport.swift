import Checkpoints
import MessagePassing
import ParticleSystems

/// Independent systems that are divided among processes: each advances its own, and all get the logits of all.
final class DividedTransport: LogitTransport {
  private let own: any LogitTransport
  private let ranks: Ranks

  let systems: Int

  /// - Parameters:
  ///   - own: this process's share of the systems.
  ///   - systems: of all processes.
  init(_ own: any LogitTransport, of systems: Int, among ranks: Ranks) {
    precondition(own.systems == ranks.share(of: systems).count)
    self.own = own
    self.systems = systems
    self.ranks = ranks
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    let held = ranks.share(of: systems)
    let mine = update.map {
      GradientUpdate(batch: $0.batch, gradients: Array($0.gradients[held]), steps: $0.steps)
    }
    var result = own.advance(by: mine, evaluating: request)
    if ranks.isAlone { return result }
    result.batch = gathered(result.batch)
    guard request.isRecorded else { return result }
    result.training = gathered(result.training)
    result.test = gathered(result.test)
    result.tangentKernels = gathered(result.tangentKernels)
    // Processes without systems do not know what the others record.
    let hasIncrements = isThere(result.weightIncrements != nil)
    result.weightIncrements = hasIncrements ? gathered(result.weightIncrements ?? []) : nil
    if isThere(result.decompositions != nil) {
      let terms = ranks.all(result.decompositions?.first?.count ?? 0).max()!
      let flat = gathered((result.decompositions ?? []).map { $0.flatMap { $0 } })
      result.decompositions = flat.map { values in
        let size = values.count / terms
        return (0..<terms).map { Array(values[($0 * size)..<(($0 + 1) * size)]) }
      }
    }
    return result
  }

  private func isThere(_ mine: Bool) -> Bool { ranks.all(mine ? 1 : 0).contains(1) }

  /// The rows of all systems, of one length.
  private func gathered(_ rows: [[Double]]) -> [[Double]] {
    let width = ranks.all(rows.first?.count ?? 0).max()!
    var all = [Double](repeating: 0, count: systems * width)
    let held = ranks.share(of: systems)
    all.replaceSubrange(
      (held.lowerBound * width)..<(held.upperBound * width), with: rows.flatMap { $0 })
    all.withUnsafeMutableBufferPointer {
      ranks.gather($0) {
        let share = ranks.share(of: systems, rank: $0)
        return (share.lowerBound * width)..<(share.upperBound * width)
      }
    }
    return (0..<systems).map { Array(all[($0 * width)..<(($0 + 1) * width)]) }
  }

  func exchange(_ state: RunState) throws { try own.exchange(state) }
}
