import Checkpoints

/// The lengths of the blocks of a simulation with two step sizes: fixed, or as long as a measure of what
/// blocks do wrong, which grows with the square of their length, allows.
struct BlockLengths {
  /// What is allowed in units of the replicates' standard deviation. It is the error at the end of a
  /// block, where a third of it is the mean, and independent of the sampling error: a few percent of the
  /// squared error by measurement.
  static let tolerance = 0.5
  static let largest = 64

  let isAutomatic: Bool
  /// Steps at which a block must end, increasing; the last of the run is one.
  private let stops: [Int]
  /// The length that blocks should have.
  private(set) var wanted: Int

  init(_ blocks: Multirate.Blocks, stops: [Int]) {
    self.stops = stops
    switch blocks {
    case .automatic: (isAutomatic, wanted) = (true, 1)
    case .fixed(let steps): (isAutomatic, wanted) = (false, steps)
    }
  }

  mutating func exchange(_ state: RunState) throws {
    let own = wanted
    try state.exchange("wanted", &wanted)
    guard isAutomatic ? (1...Self.largest).contains(wanted) : wanted == own else {
      throw state.misfit("wanted", "the value \(wanted)")
    }
  }

  /// The last step.
  var end: Int { stops.last ?? 0 }

  /// The end of the block that starts at a step: blocks up to the next stop are equally long.
  func end(after step: Int) -> Int {
    guard let stop = stops.first(where: { $0 > step }) else { return step }
    let rest = stop - step
    let blocks = (rest + wanted - 1) / wanted
    return step + (rest + blocks - 1) / blocks
  }

  /// Chooses the next length.
  ///
  /// - Parameters:
  ///   - length: of the block that has ended.
  ///   - defect: at its end, in units of the replicates' standard deviation of the logits.
  mutating func adapt(after length: Int, defect: Double) {
    guard isAutomatic else { return }
    guard defect.isFinite else {
      wanted = 1
      return
    }
    let next = Double(length) * (Self.tolerance / max(defect, 1e-12)).squareRoot()
    wanted = Int(min(max(next, 1), Double(2 * length), Double(Self.largest)))
  }
}
