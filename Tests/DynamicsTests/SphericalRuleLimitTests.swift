import Dynamics
import Execution
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Particles on the sphere of (a, w), without radius, for a homogeneous activation and inputs of two
/// dimensions.
@Suite struct SphericalRuleLimitTests {
  static let workers = Workers(count: 2)
  static let steps = 15

  /// Two classes of 12 training and 7 test points in the plane.
  var settings: TrainingSettings {
    TrainingSettings(
      problem: overlappingClasses(dimension: 2, training: 12, test: 7, shift: 0.7, seed: 51),
      architecture: Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false),
      loss: .logistic,
      step: .meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 0.3)),
      steps: Self.steps, recorded: .every(Self.steps))
  }

  func run(
    _ name: String, particles: Int, replicates: Int = 1, seed: UInt64
  ) -> (logits: [Double], errors: [Double]) {
    let settings = settings
    let trajectory = MeasureLimit(
      particles: particles, replicates: replicates,
      law: InitialLaw(shape: .gaussian, inputDimension: 2), design: SampleDesign(name: name)!,
      seed: seed, settings: settings,
      basis: InputBasis(
        settings.problem, architecture: settings.architecture, span: .trainingInputs),
      estimatesBias: false
    ).run(in: Double.self, workers: Self.workers)
    return (
      Array(trajectory.testLogits.suffix(7)),
      Array(trajectory.testLogitsStandardError.suffix(7))
    )
  }

  func rms(_ a: [Double], _ b: [Double]) -> Double {
    (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)).squareRoot()
  }

  /// Independent pairs with their radii, 2^17 particles in 32 simulations.
  static let reference = SphericalRuleLimitTests().run(
    "antithetic", particles: 1 << 17, replicates: 32, seed: 2)

  @Test(arguments: ["sphere", "sobol+radius", "antithetic+radius"])
  func leavingTheRadiusOutChangesNothing(name: String) {
    let reference = Self.reference
    let without = run(name, particles: 1 << 14, replicates: 16, seed: 3)
    for t in 0..<7 {
      let error = (pow2(reference.errors[t]) + pow2(without.errors[t])).squareRoot()
      #expect(abs(reference.logits[t] - without.logits[t]) < 4 * error, "\(name)")
      #expect(error < 0.02 && abs(reference.logits[t]) > 5 * error)
    }
  }

  private func pow2(_ x: Double) -> Double { x * x }

  /// Errors of the logits, RMS over 20 rotations. Increments of the logits are means of a^2 phi'(w x)
  /// phi'(w x'), which jumps where w x = 0: the rate of the rule for caps, N^-0.75 (from N = 1000 on;
  /// before, nearer N^-1), against N^-0.5 of independent particles, and smaller from the start.
  @Test func theErrorFallsFasterThanThatOfIndependentParticles() {
    let reference = run("sphere", particles: 1 << 17, replicates: 2, seed: 4).logits
    let counts = [64, 512, 4096]
    func errors(_ name: String) -> [Double] {
      counts.map { count in
        let squares = (1...20).map { seed in
          pow2(rms(run(name, particles: count, seed: UInt64(100 + seed)).logits, reference))
        }
        return (squares.reduce(0, +) / 20).squareRoot()
      }
    }
    let sphere = errors("sphere")
    let independent = errors("independent")
    let sizes = counts.map { Double($0) }
    #expect(logLogSlope(sizes, sphere) < -0.8, "\(sphere)")
    #expect(abs(logLogSlope(sizes, independent) + 0.5) < 0.15, "\(independent)")
    #expect(sphere[0] < independent[0] / 10)
    #expect(sphere[2] < independent[2] / 100)
  }
}
