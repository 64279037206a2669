import Execution
import LinearAlgebra
import Measures
import Networks
import Testing

@testable import ParticleSystems

struct InitialTangentKernelsTests {
  /// Kernels are made in panels from the diagonal on and mirrored: all pairs of more training points than two
  /// panels against plain sums over the particles.
  @Test func trainingPointsAgainstPlainSums() {
    let suite = MeasureParticlesTests()
    let (n, particles) = (300, 24)
    let settings = suite.settings(points: n)
    let sources = suite.sources("independent", settings, count: particles, replicates: 1)
    let basis = sources[0].parts[0].basis
    let inputs = TransportInputs<Double>(
      settings, basis: basis, deviation: MeasureParticlesTests.law.inputWeightDeviation)
    let all = n + inputs.test.count
    let kernels = InitialTangentKernels<Double>(
      sources: sources, inputs: inputs, settings: settings, hasKernels: true,
      workers: Workers(count: 1))
    var a = [Double](repeating: 0, count: particles)
    var w = [Double](repeating: 0, count: particles * sources[0].features)
    a.withUnsafeMutableBufferPointer { a in
      w.withUnsafeMutableBufferPointer { w in
        sources[0].fill(
          first: 0, count: particles, outputWeights: a.baseAddress!, inputWeights: w.baseAddress!)
      }
    }
    let z = Matrix(rows: particles, columns: sources[0].features, elements: w)
      .times(transposed: basis.training)
    let products = basis.training.times(transposed: basis.training)
    let step = settings.step
    let slope = ImportanceTests.slope
    var (outputDifference, inputDifference) = (0.0, 0.0)
    for i in 0..<n {
      for j in 0..<n {
        var (output, input) = (0.0, 0.0)
        for r in 0..<particles {
          let (zi, zj) = (z[r, i], z[r, j])
          output += max(zi, slope * zi) * max(zj, slope * zj)
          input += a[r] * a[r] * (zi > 0 ? 1 : slope) * (zj > 0 ? 1 : slope)
        }
        output *= step.logitScale * step.outputStep / Double(particles)
        input *= step.logitScale * step.inputStep / Double(particles) * products[i, j]
        let place = i * all + j
        outputDifference = max(
          outputDifference, abs(kernels.outputParts[0].base[place] - output))
        inputDifference = max(inputDifference, abs(kernels.inputParts[0].base[place] - input))
      }
    }
    #expect(outputDifference < 1e-12 && inputDifference < 1e-12)
  }
}
