import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

extension LayeredLimit {
  /// E[h h'] of the first layer at step 0, training points and then test points x training points, flat.
  func exactKernel<Scalar: ParticleScalar>(workers: Workers) -> [Scalar] {
    let problem = settings.problem
    let all = Matrix(
      rows: problem.trainingCount + problem.testCount, columns: problem.inputDimension,
      elements: problem.trainingInputs.elements + problem.testInputs.elements)
    let kernel = InitialProcesses.firstLayerKernel(
      all, problem.trainingInputs, deviation: law.inputWeightDeviation,
      activation: settings.architecture.activation, workers: workers)
    return [Scalar](unsafeUninitializedCapacity: kernel.elements.count) {
      Scalar.round(kernel.elements, count: kernel.elements.count, to: $0.baseAddress!)
      $1 = kernel.elements.count
    }
  }

  func simulation<Scalar: ParticleScalar>(
    _ sample: LayeredSample, _ inputs: LayeredInputs<Scalar>, kernel: [Scalar]?,
    workers: Workers
  ) -> LayeredSystem<Scalar> {
    let particles = sample.particles(in: Scalar.self)
    let (points, batch) = LayeredInputs<Scalar>.pointsAtOnce(settings)
    let control = kernel.map { kernel in
      FirstLayerControl(
        deviation: deviation(of: particles, from: kernel, inputs, workers),
        trainingPoints: settings.problem.trainingCount, rows: particles.sizes.layers[1],
        rule: step.rule)
    }
    return LayeredSystem(
      particles, step: step, activation: settings.architecture.activation,
      points: points, batch: batch, control: control)
  }

  /// The exact kernel less that of the particles: 2 N_1 n (n + t) operations.
  private func deviation<Scalar: ParticleScalar>(
    of particles: LayeredParticles<Scalar>, from exact: [Scalar],
    _ inputs: LayeredInputs<Scalar>, _ workers: Workers
  ) -> AlignedBuffer<Scalar> {
    let law = PointwiseLaw<Scalar>(settings.architecture.activation)
    let count = particles.sizes.layers[0]
    let features = particles.sizes.features
    let n = inputs.training.count / features
    /// phi(w x) of some points, one a row.
    @Sendable func values(_ points: UnsafePointer<Scalar>, _ rows: Int) -> AlignedBuffer<Scalar> {
      let z = AlignedBuffer<Scalar>(count: rows * count, repeating: 0)
      let h = AlignedBuffer<Scalar>(count: rows * count, repeating: 0)
      withExtendedLifetime((z, h)) {
        Scalar.multiply(
          points, transposed: false, leading: features, particles.inputWeights.base,
          transposed: true, leading: features, into: z.base, leading: count, m: rows, n: count,
          k: features, alpha: 1, beta: 0)
        Scalar.values(law, z.base, count: z.count, into: h.base)
      }
      return h
    }
    let training = values(inputs.training.base, n)
    let result = AlignedBuffer<Scalar>(count: exact.count, repeating: 0)
    exact.withUnsafeBufferPointer { result.base.update(from: $0.baseAddress!, count: exact.count) }
    let sets = [(inputs.training, 0), (inputs.test, n)]
    let chunks = sets.flatMap { inputs.chunks(of: $0.0, first: $0.1) }
    workers.forProducts.forEach(chunks.count) { number, _ in
      let chunk = chunks[number]
      let h = values(chunk.inputs, chunk.count)
      withExtendedLifetime((h, training, result)) {
        Scalar.multiply(
          h.base, transposed: false, leading: count, training.base, transposed: true,
          leading: count, into: result.base + chunk.first * n, leading: n, m: chunk.count, n: n,
          k: count, alpha: Scalar(-1 / Double(count)), beta: 1)
      }
    }
    return result
  }
}
