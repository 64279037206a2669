import InfiniteWidth

/// The errors of all designs in one setting, against a reference of many particles.
struct Comparison {
  let setting: Setting
  let coordinates: Int
  /// The reference's stated error at each of the steps.
  let referenceErrors: [Double]
  /// RMS of the reference's test logits at each of the steps.
  let referenceLogits: [Double]
  let rows: [Row]
  let check: IndependentCheck

  /// The errors of one design.
  struct Row {
    let label: String
    let isAutomatic: Bool
    /// One for each of ``Setting/particles``.
    var errors: [SquaredErrors] = []
  }

  private static let referenceSeed: UInt64 = 1_000_000

  /// Simulations of one number of particles. Those of the most particles cost most of the time; the
  /// independent ones are all needed for the check of the reference.
  private static func seeds(_ design: SampleDesign, _ particles: Int) -> ClosedRange<UInt64> {
    1...(particles == Setting.particles.last! && design != .independent ? 4 : 8)
  }

  private static let names = [
    "independent", "antithetic", "quadruples", "quadruples+moments",
    "sobol+quadruples+moments", "sobol+moments", "sobol+reflected+moments",
    "sobol+moments+importance", "sobol+reflected+moments+importance", "sobol+radius",
    "sobol+moments+radius", "sphere",
  ]

  /// Coordinates up to which the radius is left out of designs with Sobol' points here.
  private static let largestWithoutRadius = 10

  init(_ setting: Setting) {
    self.setting = setting
    let simulation = Simulation(setting)
    let clock = ContinuousClock()
    var start = clock.now
    let reference = simulation.run(
      simulation.automatic, particles: setting.referenceParticles,
      replicates: simulation.automatic.automaticReplicates,
      seed: Self.referenceSeed, inDouble: true)
    coordinates = simulation.coordinates
    referenceErrors = reference.errors
    referenceLogits = reference.logits.map(rootMeanSquare)
    printLine("  reference: \(short(reference.errors)) in \(seconds(clock.now - start))")

    func measured(_ row: Row, _ design: SampleDesign, replicates: Int) -> (Row, [[[Double]]]) {
      var row = row
      var logits: [[[Double]]] = []
      for particles in Setting.particles {
        start = clock.now
        logits = Self.seeds(design, particles).map {
          simulation.run(
            design, particles: particles, replicates: replicates, seed: $0,
            inDouble: setting.comparesInDouble
          ).logits
        }
        let errors = SquaredErrors(logits, from: reference.logits)
        row.errors.append(errors)
        printLine(
          "  \(row.label), \(particles): \(short(errors.roots)) in \(seconds(clock.now - start))")
      }
      return (row, logits)
    }

    let designs = Self.names.map { SampleDesign(name: $0)! }.filter {
      $0.misfit(
        shape: .gaussian, coordinates: simulation.coordinates, outputs: 1, isHomogeneous: true)
        == nil
        && (!$0.removesRadius || simulation.coordinates <= Self.largestWithoutRadius)
    }
    var rows: [Row] = []
    var independent: [[[Double]]] = []
    for design in designs {
      let (row, largest) = measured(
        Row(label: design.name, isAutomatic: false), design, replicates: 1)
      rows.append(row)
      if design == .independent { independent = largest }
    }
    let automatic = Row(
      label: "automatic: \(simulation.automatic.automaticReplicates) replicates of"
        + " \(simulation.automatic.name)", isAutomatic: true)
    rows.append(
      measured(
        automatic, simulation.automatic, replicates: simulation.automatic.automaticReplicates
      ).0)
    self.rows = rows
    check = IndependentCheck(
      independent, particles: Setting.particles.last!, reference: reference)
  }
}

private func short(_ values: [Double]) -> String {
  values.map { significant($0, 3) }.joined(separator: " ")
}

private func seconds(_ time: Duration) -> String { "\(Int(time / .seconds(1))) s" }
