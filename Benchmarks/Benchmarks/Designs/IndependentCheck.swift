import Foundation

/// The reference against the mean of simulations by independent particles, which share nothing with
/// it but the equations of motion: neither design nor seed nor control variates.
struct IndependentCheck {
  let particles: Int
  /// RMS over test points of the difference, at each step.
  let differences: [Double]
  /// The root of the summed squares of both errors: of the mean from the simulations' spread, of the
  /// reference as stated.
  let expected: [Double]

  /// - Parameters:
  ///   - simulations: (seed, step, point), each of `particles` particles.
  init(_ simulations: [[[Double]]], particles: Int, reference: Simulation.Result) {
    let count = Double(simulations.count)
    self.particles = simulations.count * particles
    var differences: [Double] = []
    var expected: [Double] = []
    for step in reference.logits.indices {
      let rows = simulations.map { $0[step] }
      let means = reference.logits[step].indices.map { i in rows.reduce(0) { $0 + $1[i] } / count }
      let deviations = rows.map { row in meanSquare(zip(row, means).map { $0 - $1 }) }
      let variance = deviations.reduce(0, +) / (count * (count - 1))
      differences.append(rootMeanSquare(zip(means, reference.logits[step]).map { $0 - $1 }))
      expected.append(
        (variance + reference.errors[step] * reference.errors[step]).squareRoot())
    }
    self.differences = differences
    self.expected = expected
  }

  var text: String {
    let pairs = zip(Setting.steps, zip(differences, expected)).map { step, pair in
      "\(significant(pair.0, 2)) (\(significant(pair.1, 2)))"
    }
    return "The mean of \(particles) independent particles differs from the reference by"
      + " \(pairs.joined(separator: ", ")) at steps"
      + " \(Setting.steps.map(String.init).joined(separator: ", "));"
      + " expected of both errors in brackets."
  }
}
