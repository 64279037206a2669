import Execution
import Foundation
import Testing

@testable import ParticleSystems

@Suite struct PendingAdvanceTests {
  /// Pieces that have run. The thread sanitizer sees this lock and does not see those of Mutex.
  private final class Counts: @unchecked Sendable {
    private let lock = NSLock()
    private var counts: [Int: Int] = [:]

    var done: [Int: Int] { lock.withLock { counts } }

    func add(_ piece: Int) { lock.withLock { counts[piece, default: 0] += 1 } }
  }

  /// Its result is its number of pieces, and they have run by then, each once, on a worker that the pool has.
  private func advance(pieces: Int, threads: Int) -> PendingAdvance {
    let counts = Counts()
    return PendingAdvance(
      pieces: pieces, workers: Workers(count: threads),
      work: { piece, worker in
        #expect((0..<threads).contains(worker))
        counts.add(piece)
      },
      result: {
        #expect(
          counts.done
            == Dictionary(uniqueKeysWithValues: (0..<pieces).map { ($0, 1) }))
        var result = EvaluatedLogits()
        result.training = [[Double(pieces)]]
        return result
      })
  }

  @Test(arguments: [1, 2, 3])
  func everyPieceRunsOnceBeforeAnyResult(threads: Int) {
    var late = EvaluatedLogits()
    late.training = [[-1]]
    let joined = PendingAdvance(
      joining: [advance(pieces: 3, threads: threads), advance(pieces: 0, threads: threads)]
    ) { parts in
      var result = EvaluatedLogits()
      result.training = parts.flatMap(\.training)
      return result
    }
    let results = PendingAdvance.finish([
      advance(pieces: 7, threads: threads), joined, PendingAdvance { [late] in late },
      advance(pieces: 1, threads: threads),
    ])
    #expect(results.map(\.training) == [[[7]], [[3], [0]], [[-1]], [[1]]])
  }

  /// The pool of fewest threads does the work: no worker number is one that a part has no memory for.
  @Test func poolsOfDifferentSizes() {
    let results = PendingAdvance.finish([
      advance(pieces: 40, threads: 4), advance(pieces: 40, threads: 2),
    ])
    #expect(results.map(\.training) == [[[40]], [[40]]])
  }

  @Test func withoutPiecesTheWorkIsInTheResult() {
    var only = EvaluatedLogits()
    only.test = [[2]]
    let result = PendingAdvance { [only] in only }.finish()
    #expect(result.test == [[2]])
  }
}
