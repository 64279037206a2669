import Checkpoints
import DataIO
import ParticleSystems

/// The training of networks of one width, some seeds at a time, with what is gathered of their weights on the way.
final class TrainingBesideLimit<Collector: LawCollector> {
  private let settings: TrainingSettings
  private let seeds: Int
  /// Of the limit, by step.
  private let laws: [Int: LimitLaws]
  /// Of the weights of one network; `nil` where laws are not gathered.
  private let collector: ((_ hasHalves: Bool) -> Collector)?
  var gathered: GatheredMetrics

  init(
    settings: TrainingSettings, seeds: Int, gathered: GatheredMetrics, laws: [Int: LimitLaws],
    collector: ((_ hasHalves: Bool) -> Collector)?
  ) {
    self.settings = settings
    self.seeds = seeds
    self.gathered = gathered
    self.laws = laws
    self.collector = collector
  }

  /// Networks that are trained side by side.
  struct Part {
    let range: Range<Int>
    fileprivate let gathering: LawGathering<Collector>?
    fileprivate let action: BoundaryAction
    fileprivate let training: TrainingBesideLimit

    /// Puts the laws of the networks beside the limit's, where it has one at this step.
    ///
    /// - Parameter collect: the networks' weights, one collector a network.
    func addLaws(step: Int, _ collect: (_ hasHalves: Bool) -> [Collector]) throws {
      try gathering?.add(
        step: step, first: range.lowerBound, into: &training.gathered, collect)
    }

    /// - Parameter more: of what has a state beside the networks.
    func atBoundary(_ more: @escaping (RunState) throws -> Void = { _ in }) -> BoundaryAction {
      { [action, training] boundary, exchange in
        try action(boundary) { state in
          try exchange(state.part("networks"))
          try more(state)
          try training.gathered.exchange(state.part("gathered"))
        }
      }
    }
  }

  /// - Parameters:
  ///   - chunks: of the seeds, one after another.
  ///   - train: of one chunk; reports the number of each training step.
  /// - Throws: what `train` throws, and what belongs to checkpoints.
  func run(
    chunks: [Range<Int>], units: CheckpointUnits, progress: (RunProgress) -> Void,
    train: (_ part: Part, _ report: (Int) -> Void) throws -> Trajectory
  ) throws -> Trajectory {
    var parts: [Trajectory] = []
    for range in chunks {
      let units = units.part("seeds \(range.lowerBound + 1) to \(range.upperBound)")
      let gathering = collector.map {
        LawGathering(
          laws: laws, collector: $0, units: units, keepsLast: range.upperBound < seeds)
      }
      try gathering?.restore(into: &gathered)
      var trajectory = Trajectory(members: range.count, settings: settings, hasError: false)
      func exchange(_ state: RunState) throws {
        try trajectory.exchange(state.part("networks"))
        try gathered.exchange(state.part("gathered"))
      }
      if try !units.restore("training", exchange) {
        let part = Part(
          range: range, gathering: gathering, action: units.boundary("training"), training: self)
        trajectory = try withoutActuallyEscaping(progress) { progress in
          try train(part) { update in
            let done =
              Double(range.lowerBound) + Double(range.count) * Double(update)
              / Double(max(settings.steps, 1))
            progress(RunProgress(fraction: done / Double(seeds), activity: "step \(update)"))
          }
        }
        try units.complete("training", exchange)
      }
      parts.append(trajectory)
    }
    return Trajectory(joining: parts)
  }
}
