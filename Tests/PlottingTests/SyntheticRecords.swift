import DataIO
import Foundation
import ParticleSystems

/// A limit whose loss decays exponentially and whose logits grow to the labels, and nets around it
/// whose logits are off by exactly `3 / sqrt(width)`.
enum Synthetic {
  static let labels: [Double] = (0..<40).map { $0 % 2 == 0 ? -1 : 1 }

  static func run(
    steps: [Int] = Array(0...50), realizations: Int = 1, error: Double? = 0.05, probes: Int = 3,
    beta: Double = 0
  ) -> RunRecord {
    RunRecord(
      path: "run.nc",
      limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: beta, gamma: 0),
      particles: 1000, configText: "",
      trajectory: trajectory(
        steps: steps, members: realizations, offset: { 0.02 * Double($0) }, error: error,
        probes: probes), trainingLabels: labels, testLabels: labels)
  }

  static func nets(
    widths: [Int] = [128, 256, 512, 1024, 2048, 4096], seeds: Int = 10,
    steps: [Int] = Array(0...50), probes: Int = 3
  ) -> NetsRecord {
    NetsRecord(
      path: "nets.nc",
      limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: 0, gamma: 0),
      configText: "", widths: widths, seeds: Array(1...seeds),
      trajectories: widths.map { width in
        trajectory(
          steps: steps, members: seeds,
          offset: { ($0 % 2 == 0 ? 3 : -3) / Double(width).squareRoot() },
          lossBias: 12 / Double(width), error: nil,
          probes: probes)
      }, trainingLabels: labels, testLabels: labels)
  }

  private static func trajectory(
    steps: [Int], members: Int, offset: (Int) -> Double, lossBias: Double = 0, error: Double?,
    probes: Int
  ) -> Trajectory {
    var result = Trajectory(
      steps: steps, members: members, updates: 0, trainingPoints: 40, testPoints: 40, outputs: 1,
      probes: probes, hasAccuracy: true, hasDecomposition: false, hasError: error != nil)
    let last = Double(max(1, steps.last!))
    for member in 0..<members {
      for (index, step) in steps.enumerated() {
        let row = member * steps.count + index
        let time = Double(step) / last
        let shift = offset(member)
        result.trainingLoss[row] = 0.2 + 0.5 * exp(-3 * time) + 0.3 * shift * time + lossBias * time
        result.testLoss[row] =
          0.3 + 0.4 * exp(-4 * time) + 0.05 * time + 0.4 * shift * time + lossBias * time
        result.trainingAccuracy[row] = 0.95 - 0.4 * exp(-5 * time) - 0.1 * abs(shift) * time
        result.testAccuracy[row] = 0.9 - 0.4 * exp(-5 * time) - 0.2 * abs(shift) * time
        for point in 0..<40 {
          result.testLogits[row * 40 + point] = labels[point] * 2 * time + shift
          result.trainingLogits[row * 40 + point] = labels[point] * 2 * time + shift
        }
        for probe in 0..<probes {
          result.tangentKernelDiagonal[row * probes + probe] =
            Double(probe + 1) * (1 + 2 * time * time * (1 + shift))
        }
      }
    }
    if let error { result.testLogitsError = steps.map { error * (0.5 + Double($0) / last) } }
    return result
  }
}
