import Experiments
import Networks
import Testing

@Suite struct ScalingNameTests {
  @Test(arguments: [
    (ScalingName.meanField, "mean_field" as String?), (.ntk, "ntk"),
    (.symmetricDefault, "sym_default"),
    (.intermediate, "intermediate"), (.initialCorrectedMeanField, "mean_field"), (.default, nil),
    (.ntkPublished, "ntk"),
  ]) func limitsOfNames(name: ScalingName, limit: String?) {
    #expect(name.regime.limit?.rawValue == limit)
    #expect(name.regime.isInitializationCorrected == (name == .initialCorrectedMeanField))
  }

  @Test(arguments: [
    (Scaling.standard, ScalingName.symmetricDefault),
    (Scaling(qSigma: 1, qEta: 1), .symmetricDefault), (Scaling(qSigma: -1, qEta: -1), .ntk),
    (Scaling(qSigma: -2, qEta: 2.5), .meanField), (Scaling(qSigma: -0.7, qEta: 0.5), .intermediate),
    // Halfway between MF and the intermediate scaling.
    (Scaling(qSigma: -0.875, qEta: 0.75), .meanField),
  ]) func nearest(scaling: Scaling, name: ScalingName) {
    #expect(ScalingName.nearestStable(to: scaling) == name)
  }
}
