import Density
import Measures

/// Densities while groups of particles arrive: the first ones are kept until grids and bandwidths are
/// chosen from them, the rest are added and forgotten.
struct DensityAccumulation {
  /// Makes the estimations of all projections from a pilot.
  private let choose: (ProjectionScale.Pilot) throws -> [ProjectionEstimation]
  /// Particles of the pilot, or a group more.
  private let pilotParticles: Int
  private var pilot: ProjectionScale.Pilot
  private(set) var estimations: [ProjectionEstimation] = []
  /// (snapshot, axis).
  private(set) var moments: [[SampleStatistics]]
  private var mass = 0.0
  private var squaredMass = 0.0

  init(
    steps: [Int], axes: Int, particles: Int, pilotParticles: Int,
    choose: @escaping (ProjectionScale.Pilot) throws -> [ProjectionEstimation]
  ) {
    self.choose = choose
    self.pilotParticles = pilotParticles
    let empty = [[Double]](repeating: [], count: axes)
    pilot = ProjectionScale.Pilot(
      group: ParticleGroup(masses: [], columns: Array(repeating: empty, count: steps.count)),
      particles: particles, steps: steps)
    moments = Array(
      repeating: Array(repeating: SampleStatistics(dimensions: 1), count: axes),
      count: steps.count)
  }

  /// One over the sum of the squared masses, these summing to one.
  var effectiveSize: Double { mass * mass / squaredMass }

  mutating func add(_ group: ParticleGroup) throws {
    for (snapshot, columns) in group.columns.enumerated() {
      for (axis, column) in columns.enumerated() {
        column.withUnsafeBufferPointer { column in
          group.masses.withUnsafeBufferPointer {
            moments[snapshot][axis].add(column, masses: $0)
          }
        }
      }
    }
    for value in group.masses {
      mass += value
      squaredMass += value * value
    }
    guard estimations.isEmpty else {
      for index in estimations.indices { try estimations[index].add(group) }
      return
    }
    pilot.group.append(group)
    guard pilot.group.count >= pilotParticles || pilot.isWhole else { return }
    estimations = try choose(pilot)
    for index in estimations.indices { try estimations[index].add(pilot.group) }
    pilot.group = ParticleGroup(masses: [], columns: [])
  }
}
