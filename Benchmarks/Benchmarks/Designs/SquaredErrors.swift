import Foundation

/// Mean squared errors of test logits over the points, simulation by simulation.
struct SquaredErrors {
  /// (step, seed)
  let values: [[Double]]

  /// - Parameters:
  ///   - logits: (seed, step, point)
  ///   - reference: (step, point)
  init(_ logits: [[[Double]]], from reference: [[Double]]) {
    values = reference.indices.map { step in
      logits.map { simulation in
        let differences = zip(simulation[step], reference[step]).map { $0 - $1 }
        return meanSquare(differences)
      }
    }
  }

  /// The RMS error at each step, over points and seeds.
  var roots: [Double] { values.map { mean($0).squareRoot() } }

  /// How many independent particles have the error of one of these: the ratio of the mean squares,
  /// since those of independent particles fall like one over their number. Its standard error is that
  /// of the seeds, to first order.
  func worth(against independent: SquaredErrors, step: Int) -> (value: Double, error: Double) {
    let value = mean(independent.values[step]) / mean(values[step])
    // Relative variance of the mean over seeds.
    func variance(_ seeds: [Double]) -> Double {
      let mean = mean(seeds)
      let squares = meanSquare(seeds.map { $0 / mean - 1 })
      return squares / Double(seeds.count - 1)
    }
    let relative = variance(independent.values[step]) + variance(values[step])
    return (value, value * relative.squareRoot())
  }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func meanSquare(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
}

func rootMeanSquare(_ values: [Double]) -> Double { meanSquare(values).squareRoot() }

/// A positive number with so many digits that count.
func significant(_ value: Double, _ digits: Int) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  let decade = Int(floor(log10(value)))
  let places = digits - 1 - decade
  if decade < -3 { return String(format: "%.\(digits - 1)e", value) }
  if places >= 0 { return String(format: "%.\(places)f", value) }
  let unit = pow(10, Double(-places))
  return String(format: "%.0f", (value / unit).rounded() * unit)
}
