import InfiniteWidth

/// Errors of simulations with two step sizes in one setting, and what they cost in steps of particles.
struct MultirateComparison {
  /// A section of the page.
  let text: String

  private static let replicates = 8
  private static let referenceSeed: UInt64 = 1_000_000
  private static let seeds: ClosedRange<UInt64> = 1...4
  private static let independent = 4096

  private struct Row {
    let name: String
    let errors: SquaredErrors
    /// Of all seeds' mean.
    let particleSteps: Double
    let blocks: String
    let correction: String
  }

  init(_ setting: Setting) {
    let simulation = Simulation(setting)
    let reference = simulation.run(
      simulation.automatic, particles: setting.referenceParticles, replicates: Self.replicates,
      seed: Self.referenceSeed, inDouble: true)
    printLine("  reference: \(reference.errors)")

    func row(
      _ name: String, _ design: SampleDesign, _ particles: Int, replicates: Int = 8,
      _ multirate: Multirate? = nil, seeds: ClosedRange<UInt64> = Self.seeds
    ) -> Row {
      let results = seeds.map {
        simulation.run(
          design, particles: particles, replicates: replicates, seed: $0,
          inDouble: setting.comparesInDouble, multirate: multirate)
      }
      let records = results.compactMap(\.record)
      let steps = results.reduce(0) { $0 + $1.particleSteps } / Double(results.count)
      let row = Row(
        name: name, errors: SquaredErrors(results.map(\.logits), from: reference.logits),
        particleSteps: steps,
        blocks: records.isEmpty
          ? "" : "\(records[0].blocks.count), up to \(records[0].blocks.max()!)",
        correction: records.isEmpty
          ? ""
          : "\(significant(records[0].correction, 2))"
            + (records[0].correctionError.isNaN
              ? "" : " ± \(significant(records[0].correctionError, 1))"))
      printLine(
        "  \(name): \(row.errors.roots.map { significant($0, 3) }), \(steps), \(row.blocks),"
          + " \(row.correction)")
      return row
    }

    let design = simulation.automatic
    var rows = [
      row(
        "independent, 4096, every step", .independent, Self.independent, replicates: 1, seeds: 1...8
      )
    ]
    rows.append(row("16384, every step", design, 16384))
    rows.append(row("16384, auto", design, 16384, Multirate(.automatic)))
    for steps in [8, 16] {
      rows.append(row("16384, blocks of \(steps)", design, 16384, Multirate(.fixed(steps))))
    }
    text = Self.section(setting, simulation, rows, reference)
  }

  private static func section(
    _ setting: Setting, _ simulation: Simulation, _ rows: [Row], _ reference: Simulation.Result
  ) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let steps = [5, 20, 50, 200]
    let places = steps.map { Setting.steps.firstIndex(of: $0)! }
    var lines = [
      "### \(setting.title), p = \(simulation.coordinates), learning rate"
        + " \(setting.learningRate)", "",
      line(
        ["particles", "blocks", "steps of particles"] + steps.map { "error, step \($0)" }
          + steps.map { "worth, step \($0)" } + ["taken out"]),
      line(Array(repeating: "---", count: 4 + 2 * steps.count)),
    ]
    let first = rows[0]
    for row in rows {
      let cost = first.particleSteps / row.particleSteps
      lines.append(
        line(
          [row.name, row.blocks, significant(row.particleSteps / 1e6, 3) + " M"]
            + places.map { place in
              let root = row.errors.roots[place]
              return significant(root, 3) + (root < 3 * reference.errors[place] ? "*" : "")
            }
            + places.map { place in
              if row.name == first.name { return "1" }
              let worth = row.errors.worth(against: first.errors, step: place)
              return "\(significant(cost * worth.value, 2)) ± \(significant(cost * worth.error, 1))"
            } + [row.correction]))
    }
    lines.append(
      line(
        ["reference, \(setting.referenceParticles)", "", ""]
          + places.map { significant(reference.errors[$0], 2) }
          + Array(repeating: "", count: steps.count + 1)))
    return lines.joined(separator: "\n")
  }
}
