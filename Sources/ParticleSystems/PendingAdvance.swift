import Execution

/// An advance of a transport (`LogitTransport/begin(by:evaluating:)`) that has been prepared: pieces of work
/// that may run in any order, and what is made of them when all are done.
///
/// Several of them run as one (``finish(_:)``), so that threads wait for each other once and not after each
/// transport: small sets of particles beside large ones, and halves beside whole replicates, cost a tenth of a step
/// otherwise.
package struct PendingAdvance {
  private let pieces: Int
  private let workers: Workers?
  private let work: @Sendable (_ piece: Int, _ worker: Int) -> Void
  private let result: () -> EvaluatedLogits

  /// - Parameters:
  ///   - work: as the body of ``Workers/forEach(_:_:)``.
  ///   - result: called once, after all pieces.
  init(
    pieces: Int, workers: Workers, work: @escaping @Sendable (_ piece: Int, _ worker: Int) -> Void,
    result: @escaping () -> EvaluatedLogits
  ) {
    self.pieces = pieces
    self.workers = workers
    self.work = work
    self.result = result
  }

  /// All at the end.
  init(_ result: @escaping () -> EvaluatedLogits) {
    pieces = 0
    workers = nil
    work = { _, _ in }
    self.result = result
  }

  /// Several as one, with a result made of all of theirs.
  init(joining parts: [PendingAdvance], _ join: @escaping ([EvaluatedLogits]) -> EvaluatedLogits) {
    let firsts = parts.reduce(into: [0]) { $0.append($0.last! + $1.pieces) }
    pieces = firsts.last!
    workers = parts.compactMap(\.workers).min { $0.count < $1.count }
    let works = parts.map(\.work)
    work = { piece, worker in
      let part = firsts.lastIndex { $0 <= piece }!
      works[part](piece - firsts[part], worker)
    }
    result = { join(parts.map { $0.result() }) }
  }

  /// Does the work of all, the first one's pieces first, and returns the result of each.
  package static func finish(_ advances: [PendingAdvance]) -> [EvaluatedLogits] {
    let all = PendingAdvance(joining: advances) { _ in EvaluatedLogits() }
    all.workers?.forEach(all.pieces, all.work)
    return advances.map { $0.result() }
  }

  func finish() -> EvaluatedLogits { Self.finish([self])[0] }
}
