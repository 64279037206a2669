import Execution
import Foundation
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// Particles drawn by importance stand for weighted ones, beside what test points have outside the span
/// of the training inputs too. The oracle goes through the weighted measure, whose particles have the
/// law's own size, with closed forms of leaky ReLU's Gaussian means; "independent" tests the oracle.
@Suite struct ImportanceTests {
  static let slope = 0.1

  /// E phi(z + d T), E phi(z + d T)^2, E phi'(z + d T) and E phi'(z + d T)^2 for a normal T.
  struct Smoothed {
    let value: Double
    let square: Double
    let slope: Double
    let slopeSquare: Double

    init(_ z: Double, _ d: Double) {
      let s = ImportanceTests.slope
      let above = erfc(-z / d / 2.0.squareRoot()) / 2
      let density = exp(-z * z / (2 * d * d)) / (2 * Double.pi).squareRoot()
      value = s * z + (1 - s) * (z * above + d * density)
      square =
        s * s * (z * z + d * d) + (1 - s * s) * ((z * z + d * d) * above + z * d * density)
      slope = s + (1 - s) * above
      slopeSquare = s * s + (1 - s * s) * above
    }
  }

  /// Masses of mean one about, as the simulation has them, and the factor by which the measure enlarges its
  /// particles so that theirs sum to one.
  func plainMasses(_ source: JoinedParticles) -> (masses: [Double], size: Double) {
    let count = Double(source.count)
    let masses =
      source.massesBySize(first: 0, count: source.count)
      ?? Array(repeating: 1, count: source.count)
    let mean = masses.reduce(0, +) / count
    return (masses.map { $0 / count }, mean.squareRoot())
  }

  @Test(arguments: ["independent", "sobol+importance", "reflected+moments+importance"])
  func testPointsSeeTheLawsOwnSize(name: String) throws {
    let suite = MeasureParticlesTests()
    var settings = suite.settings(points: 6)
    settings.probes = 3
    let sources = suite.sources(name, settings, count: 520, replicates: 1)
    let basis = sources[0].parts[0].basis
    let vectors = try #require(basis.vectors)
    let deviation = MeasureParticlesTests.law.inputWeightDeviation
    let inputs = TransportInputs<Double>(settings, basis: basis, deviation: deviation)
    let workers = Workers(count: 2)
    let measure = MeasureParticles(sources, seed: 8)
    let (masses, size) = plainMasses(sources[0])
    let step = settings.step
    for keepsPreactivations in [false, true] {
      let (store, transport) = kept(
        sources, byPreactivations: keepsPreactivations, settings, inputs, workers)
      let recorder = PlainRecorder()
      var shots: [(a: [Double], w: [Double])] = []
      runTraining(
        transport, settings: settings, recorder: recorder,
        atStep: { if $0 % 6 == 0 { shots.append(measure.lifted(store)) } })
      for (number, shot) in shots.enumerated() {
        let inside = Matrix(rows: 520, columns: 9, elements: shot.w)
          .times(transposed: vectors).map { $0 / size }
        for i in 0..<3 {
          let x = Array(settings.problem.testInputs.row(i))
          let d = deviation * basis.testResiduals[i]
          #expect(d > 0.1)
          var (logit, squares, slopes) = (0.0, 0.0, 0.0)
          for r in 0..<520 {
            let z = PlainTraining.dot(Array(inside.row(r)), Array(basis.test.row(i)))
            let mean = Smoothed(z, d)
            let a = shot.a[r] / size
            logit += step.logitScale * masses[r] * a * mean.value
            squares += masses[r] * mean.square
            slopes += masses[r] * a * a * mean.slopeSquare
          }
          let place = 6 * number
          #expect(abs(recorder.test[place][0][i] - logit) < 1e-12 * (1 + abs(logit)), "\(name)")
          let diagonal =
            step.logitScale
            * (step.outputStep * squares + step.inputStep * slopes * PlainTraining.dot(x, x))
          #expect(
            abs(recorder.diagonals[place][0][i] / diagonal - 1) < 1e-12, "\(name) \(place)")
        }
      }
      #expect(shots.count == 3)
    }
  }

  /// The initial kernels between training and test points, from the same weighted particles.
  @Test(arguments: ["independent", "sobol+importance", "reflected+moments+importance"])
  func initialKernelsAreThoseOfTheMeasure(name: String) throws {
    let suite = MeasureParticlesTests()
    let settings = suite.settings(points: 6)
    let sources = suite.sources(name, settings, count: 520, replicates: 1)
    let basis = sources[0].parts[0].basis
    let vectors = try #require(basis.vectors)
    let deviation = MeasureParticlesTests.law.inputWeightDeviation
    let workers = Workers(count: 2)
    let kernels = InitialTangentKernels<Double>(
      sources: sources,
      inputs: TransportInputs(settings, basis: basis, deviation: deviation), settings: settings,
      hasKernels: true, workers: workers)
    let measure = MeasureParticles(sources, seed: 8)
    let (masses, size) = plainMasses(sources[0])
    let shot = measure.lifted(ParticleEnsemble<Double>(sources: sources, workers: workers))
    let inside = Matrix(rows: 520, columns: 9, elements: shot.w).times(transposed: vectors)
      .map { $0 / size }
    let step = settings.step
    for j in 0..<3 {
      let d = deviation * basis.testResiduals[j]
      for i in 0..<6 {
        var (output, input) = (0.0, 0.0)
        for r in 0..<520 {
          let w = Array(inside.row(r))
          let z = PlainTraining.dot(w, Array(basis.training.row(i)))
          let there = Smoothed(PlainTraining.dot(w, Array(basis.test.row(j))), d)
          output += masses[r] * max(z, Self.slope * z) * there.value
          let a = shot.a[r] / size
          input += masses[r] * a * a * (z > 0 ? 1 : Self.slope) * there.slope
        }
        output *= step.logitScale * step.outputStep
        input *=
          step.logitScale * step.inputStep
          * PlainTraining.dot(
            Array(settings.problem.trainingInputs.row(i)),
            Array(settings.problem.testInputs.row(j)))
        #expect(abs(kernels.outputParts[0].base[i * 9 + 6 + j] - output) < 1e-12)
        #expect(abs(kernels.inputParts[0].base[i * 9 + 6 + j] - input) < 1e-12)
      }
    }
  }
}
