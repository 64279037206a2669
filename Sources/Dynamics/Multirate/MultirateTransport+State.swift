import Checkpoints
import Networks
import ParticleSystems

extension MultirateTransport {
  /// All that moves, after at least one evaluation.
  func exchange(_ state: RunState) throws {
    try large.exchange(state.part("large"))
    try fine.exchange(state.part("fine"))
    try coarse.exchange(state.part("coarse"))
    try control?.exchange(state.part("control"))
    try lengths.exchange(state.part("lengths"))
    let shape = sums.map(\.count)
    try state.exchange("sums", &sums, lengths: shape)
    try path.exchange(state.part("path"), lengths: shape)
    try training.exchange(state.part("training"), lengths: shape)
    try test.exchange(state.part("test"), lengths: shape.map { _ in testNumbers })
    try diagonals.exchange(state.part("diagonals"), lengths: shape.map { _ in probeNumbers })
    try state.exchange("step", &step)
    try state.exchange("block.start", &blockStart)
    try state.exchange("block.end", &blockEnd)
    try state.exchange("blocks", &blocks)
    try state.exchange("correction", &correction)
    try state.exchange("correction_error", &correctionError)
    guard 0 <= blockStart, blockStart <= step, step <= blockEnd, blockEnd <= lengths.end else {
      throw state.misfit("step", "the value \(step), which is none of its block's")
    }
    guard blocks.allSatisfy({ (1...max(blockStart, 1)).contains($0) }), blocks.count <= blockStart,
      blocks.reduce(0, +) == blockStart
    else { throw state.misfit("blocks", "lengths that do not lead to its step") }
  }
}
