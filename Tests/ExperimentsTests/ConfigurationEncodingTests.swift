import Experiments
import Foundation
import Testing

@Suite struct ConfigurationEncodingTests {
  /// Encoded in two formats, and read back through both readers.
  @Test func encodedConfigurationsReadBackEqual() throws {
    var unusual = try parsed(completeExample).configuration
    unusual.data.classes = [ClassSetting(labels: [0, 3]), ClassSetting(labels: [5])]
    unusual.data.normalize = .standardize
    unusual.data.trainPath = "a: b #c\n\"é\"\u{85}\u{7F}\u{2028}\u{1F600}\\\t'/.bin"
    unusual.data.subsetSeed = .max
    unusual.network?.inputWeightStandardDeviation = (1.0 / 3072 / 3).squareRoot()
    unusual.network?.slope = -1e-300
    unusual.training?.learningRate = 0.1 + 0.2
    unusual.training?.batch = .points(10)
    unusual.scaling = .layerwise(
      sigma: try #require(DecimalExponent(text: "-0.50")),
      a: try #require(DecimalExponent(text: "1")), w: try #require(DecimalExponent(text: "+0.3")))
    unusual.limit.particles = .fixed(12)
    unusual.limit.kernelFile = "kernels of x.nc"
    unusual.record.every = .logarithmic
    unusual.record.probeKernels = true
    var bare = try parsed("data: {format: csv, train_path: \"1\"}").configuration
    bare.scaling = .exponents(
      sigma: try #require(DecimalExponent(text: "-0.75")),
      eta: try #require(DecimalExponent(text: "0.5")))
    for configuration in [try parsed(completeExample).configuration, unusual, bare] {
      #expect(try parsed(configuration.yaml()).configuration == configuration)
      let json = try JSONEncoder().encode(configuration)
      #expect(
        try JSONDecoder().decode(ExperimentConfiguration.self, from: json) == configuration)
    }
  }

  @Test func encodedConfigurationsAreReadable() throws {
    let text = try parsed(
      "data: {format: csv, train_path: \"1\", classes: [0, [1, 2]]}\n"
        + "training: {learning_rate: 2.0e-2, steps: 5}\nscaling: {q_sigma: -0.5, q_eta: 0}"
    ).configuration.yaml()
    #expect(
      text == """
        data:
          classes: [0, [1, 2]]
          format: csv
          normalize: none
          train_path: '1'
        limit:
          design: auto
          dynamics: discrete
          integrator_tolerance: 1e-06
          multirate: 'off'
          particles: auto
          rank: 'off'
          realizations: 10
          replicates: auto
          seed: 1
          small_share: 0.0625
          tolerance: 0.001
        record:
          every: 1
          loss_gradient: true
          probe_kernels: false
          probes: 10
          snapshots: []
        scaling:
          q_eta: '0'
          q_sigma: '-0.5'
        training:
          batch: full
          learning_rate: 0.02
          loss: logistic
          optimizer: gd
          steps: 5

        """)
  }
}
