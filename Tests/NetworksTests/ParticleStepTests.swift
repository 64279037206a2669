import Networks
import Testing

@Suite struct ParticleStepTests {
  let reference = ReferenceNetwork(width: 128, learningRate: 0.02)

  func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-14 * abs(b) }

  /// At d = d* every scaling is the reference network itself, stepped in standard parameterization
  /// with eta: sigma a moves by eta times its gradient.
  @Test(arguments: [Scaling.meanField, .ntk, .symmetricDefault, .standard, .intermediate])
  func everyScalingIsTheReferenceAtItsWidth(_ scaling: Scaling) {
    let step = ParticleStep.network(width: 128, scaling: scaling, reference: reference)
    let sigma = 1 / 128.0.squareRoot()
    #expect(near(step.logitScale, 128.0.squareRoot()))
    #expect(near(step.outputStep * sigma, 0.02))
    #expect(near(step.inputStep, 0.02 * sigma))
  }

  @Test(arguments: [1, 128, 4096]) func meanFieldDoesNotDependOnTheWidth(width: Int) {
    let step = ParticleStep.network(width: width, scaling: .meanField, reference: reference)
    let limit = ParticleStep.meanFieldLimit(of: reference)
    #expect(near(step.logitScale, limit.logitScale))
    #expect(near(step.outputStep, limit.outputStep))
    #expect(near(step.inputStep, limit.inputStep))
  }

  /// Four times the width. NTK: logits sum over d particles with sigma ~ d^{-1/2}; both hatted steps
  /// shrink like sigma. Default: eta_a grows like d, eta_w stays.
  @Test func exponentsOfTheNamedScalings() {
    let base = ParticleStep.network(width: 128, scaling: .ntk, reference: reference)
    let ntk = ParticleStep.network(width: 512, scaling: .ntk, reference: reference)
    #expect(near(ntk.logitScale, 2 * base.logitScale))
    #expect(near(ntk.outputStep, base.outputStep / 2))
    #expect(near(ntk.inputStep, base.inputStep / 2))
    let standard = ParticleStep.network(width: 512, scaling: .standard, reference: reference)
    #expect(near(standard.logitScale, 2 * base.logitScale))
    #expect(near(standard.outputStep, 2 * base.outputStep))
    #expect(near(standard.inputStep, base.inputStep / 2))
  }

  let rmsProp = ReferenceNetwork(
    width: 128, learningRate: 0.02, optimizer: .rmsProp(smoothing: 0.9, epsilon: 0.001))

  /// At d = d*, RMSProp with eta and epsilon on (sigma a, w), the gradients being S_a and sigma S_w: a
  /// step of sigma a is eta S_a / (sqrt(v) + epsilon), one of w eta sigma S_w / (sigma sqrt(v) + epsilon).
  @Test(arguments: [
    Scaling.meanField(.normalized), .ntk(.normalized), .standard(.normalized),
    .intermediate(.normalized),
  ]) func everyScalingOfRMSPropIsTheReferenceAtItsWidth(_ scaling: Scaling) throws {
    let step = ParticleStep.network(width: 128, scaling: scaling, reference: rmsProp)
    let sigma = 1 / 128.0.squareRoot()
    guard case .rmsProp(let smoothing, let outputEpsilon, let inputEpsilon) = step.update else {
      Issue.record("\(step.update)")
      return
    }
    #expect(smoothing == 0.9)
    let (sum, root) = (0.03, 0.02)
    #expect(
      near(sigma * step.outputStep * sum / (root + outputEpsilon), 0.02 * sum / (root + 0.001)))
    #expect(
      near(
        step.inputStep * sum / (root + inputEpsilon),
        0.02 * sigma * sum / (sigma * root + 0.001)))
  }

  @Test(arguments: [1, 128, 4096]) func meanFieldOfRMSPropDoesNotDependOnTheWidth(width: Int) {
    let step = ParticleStep.network(
      width: width, scaling: .meanField(.normalized), reference: rmsProp)
    let limit = ParticleStep.meanFieldLimit(of: rmsProp)
    #expect(near(step.logitScale, limit.logitScale))
    #expect(near(step.outputStep, limit.outputStep))
    #expect(near(step.inputStep, limit.inputStep))
    #expect(step.update == limit.update)
  }

  /// Four times the width: sigma a and w keep their steps, so that a moves by twice as much.
  @Test func defaultScalingOfRMSPropKeepsTheLearningRate() {
    let base = ParticleStep.network(
      width: 128, scaling: .standard(.normalized), reference: rmsProp)
    let wide = ParticleStep.network(
      width: 512, scaling: .standard(.normalized), reference: rmsProp)
    #expect(near(wide.outputStep, 2 * base.outputStep))
    #expect(near(wide.inputStep, base.inputStep))
  }

  @Test func momentumHasTheStepsOfGradientDescent() {
    let momentum = ReferenceNetwork(width: 128, learningRate: 0.02, optimizer: .momentum(0.9))
    let plain = ParticleStep.network(width: 512, scaling: .ntk, reference: reference)
    let step = ParticleStep.network(width: 512, scaling: .ntk, reference: momentum)
    #expect(step.update == .momentum(0.9) && plain.update == .gradient)
    #expect(step.outputStep == plain.outputStep && step.inputStep == plain.inputStep)
  }
}
