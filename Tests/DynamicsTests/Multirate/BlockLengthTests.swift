import LinearAlgebra
import Networks
import ParticleSystems
import Testing

@testable import Dynamics

@Suite struct BlockLengthTests {
  @Test func blocksEndAtStops() {
    let lengths = BlockLengths(.fixed(8), stops: [3, 20, 21, 60])
    var ends = [0]
    while ends.last! < 60 { ends.append(lengths.end(after: ends.last!)) }
    #expect(ends == [0, 3, 9, 15, 20, 21, 29, 37, 45, 53, 60])
  }

  @Test func lengthsFollowTheDefect() {
    var lengths = BlockLengths(.automatic, stops: [1000])
    #expect(lengths.wanted == 1)
    lengths.adapt(after: 8, defect: BlockLengths.tolerance)
    #expect(lengths.wanted == 8)
    lengths.adapt(after: 8, defect: 4 * BlockLengths.tolerance)
    #expect(lengths.wanted == 4)
    // At most twice as long.
    lengths.adapt(after: 4, defect: 0)
    #expect(lengths.wanted == 8)
    lengths.adapt(after: 60, defect: 0)
    #expect(lengths.wanted == BlockLengths.largest)
    for defect in [Double.nan, .infinity] {
      lengths.adapt(after: 60, defect: defect)
      #expect(lengths.wanted == 1)
    }
    var fixed = BlockLengths(.fixed(8), stops: [1000])
    fixed.adapt(after: 8, defect: 100)
    #expect(fixed.wanted == 8)
  }

  /// Where the gradients are combinations of those of earlier blocks and the map from gradients to
  /// changes is one matrix, the continuation is exact but for the shift of the fit.
  @Test func linearMapsAreContinued() {
    let directions = [[1.0, 2, -1, 0], [0, 1, 1, 3], [2, 0, 1, -1]]
    let map = { (g: [Double]) in [g[0] - 2 * g[3], 3 * g[1] + g[2]] }
    var path = PathContinuation()
    var values = BlockValues()
    var latest = [0.5, -1]
    values.append([latest])
    #expect(path.coefficients([[1, 2, 3, 4]]) == [[]])
    for direction in directions {
      latest = zip(latest, map(direction)).map { $0 + $1 }
      values.append([latest])
      path.append([direction])
    }
    let g = (0..<4).map { 0.3 * directions[0][$0] - 0.2 * directions[1][$0] + directions[2][$0] }
    let expected = zip(latest, map(g)).map { $0 + $1 }
    let continued = values.continued(path.coefficients([g]))[0]
    for (value, exact) in zip(continued, expected) { #expect(abs(value - exact) < 0.01) }
    #expect(abs(latest[0] - expected[0]) > 0.5)
    #expect(values.continued(path.coefficients([[0, 0, 0, 0]])) == [latest])
  }

  @Test func closeRecordsAreMadeWithinBlocks() {
    func settings(_ recorded: RecordedSteps, snapshots: [Int] = []) -> TrainingSettings {
      TrainingSettings(
        problem: smallProblem(), architecture: Architecture(activation: .tanh, hasBias: false),
        loss: .logistic,
        step: .meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 0.1)), steps: 40,
        recorded: recorded, snapshots: snapshots)
    }
    #expect(settings(.every(1), snapshots: [7, 50]).blockStops == [7, 40])
    #expect(settings(.every(1)).recordsWithinBlocks)
    #expect(settings(.every(10), snapshots: [7]).blockStops == [0, 7, 10, 20, 30, 40])
    #expect(!settings(.every(4)).recordsWithinBlocks)
  }
}
