import ParticleSystems

/// Networks of one width beside their limit.
struct ComparedNetworks {
  let width: Int
  /// One member a seed, in the limit's units.
  var networks: Trajectory
  /// What the networks of this width alone are compared with, where there is no limit of all widths.
  var ownLimit: Trajectory?
  /// The limit with each network's own initial function; `nil` where the limit is not random.
  var paired: Trajectory?
  /// (seed, recorded step): mean squared distance of neurons from their twins; empty where there are none.
  var coupling: [[Double]] = []
  /// By snapshot step.
  var distances: [Int: WeightLawDistances] = [:]
  /// By snapshot step: (seed): root mean square increments of a neuron's a and w.
  var increments: [Int: [Double]] = [:]
  /// By snapshot step: distances between two halves of the limit's particles.
  var limitFloors: [Int: WeightLawDistances.Values] = [:]
}
