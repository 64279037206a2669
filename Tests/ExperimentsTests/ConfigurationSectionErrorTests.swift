import Testing

private let rate = "  learning_rate: 1\n"

@Suite struct ConfigurationSectionErrorTests {
  @Test(arguments: [
    FaultyText.entry(
      "network", "activation: rellu",
      "network.activation: received rellu, did you mean relu? accepted: linear, relu, "
        + "leaky_relu, erf, tanh, gelu, softplus, sin"),
    .entry(
      "network", "initialization: 3",
      "network.initialization: received 3; accepted: gaussian, pytorch_uniform, sphere"),
    .entry(
      "network", "parameterization: [ntk]",
      "network.parameterization: received a list; accepted: ntk, standard, naive_standard"),
    .entry(
      "network", "slope: 0.1",
      "network.slope: only leaky_relu has a slope; the activation is relu"),
    .entry(
      "network", "slope: .nan", "network.slope: received .nan; accepted: a finite number",
      with: "  activation: leaky_relu"),
    .entry(
      "network", "slope: 1e999", "network.slope: received 1e999; accepted: a finite number",
      with: "  activation: leaky_relu"),
    .entry("network", "bias: yes", "network.bias: received yes; accepted: true or false"),
    .entry(
      "network", "hidden_layers: 0",
      "network.hidden_layers: received 0; accepted: a whole number from 1 to 10000"),
    .entry(
      "network", "hidden_layers: 1000000000",
      "network.hidden_layers: received 1000000000; accepted: a whole number from 1 to 10000"),
    .entry(
      "network", "reference_width: -3",
      "network.reference_width: received -3; accepted: a whole number of at least 1"),
    .entry(
      "network", "input_weight_std: 0",
      "network.input_weight_std: received 0; accepted: a positive number"),
    .entry(
      "network", "output_weight_std: -.inf",
      "network.output_weight_std: received -.inf; accepted: a positive number"),
    .entry(
      "network", "weight_std: {a: 1}",
      "network.weight_std: received a mapping; accepted: a positive number"),
    .entry(
      "network", "bias_std: -1",
      "network.bias_std: received -1; accepted: a number of at least 0"),
    .entry(
      "network", "bias_std: 0.5",
      "network.bias_std: received 0.5, but network.bias is false; set bias: true"),
    .entry(
      "network", "hidden_layers: 2",
      "network.bias_std: missing; give a number of at least 0, which bias: true needs",
      with: "  bias: true"
    ).onLine(2),
    .entry(
      "network", "width_scale: 0",
      "network.width_scale: received 0; accepted: a positive number"),
    .entry(
      "network", "layer_widths: [512, 512]",
      "network.layer_widths: lists 2 widths, but network.hidden_layers is 1; "
        + "give one width per hidden layer"),
    .entry(
      "network", "layer_widths: []",
      "network.layer_widths: received an empty list; accepted: a list of whole numbers, "
        + "at least one"),
    .entry(
      "network", "layer_widths: [0]",
      "network.layer_widths: received 0; accepted: a whole number of at least 1"),
  ]) func networkSection(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }

  @Test(arguments: [
    FaultyText.entry(
      "training", "learning_rate: -0.1",
      "training.learning_rate: received -0.1; accepted: a positive number", with: "  steps: 3"),
    .entry(
      "training", "steps: 0", "training.steps: received 0; accepted: a whole number of at least 1",
      with: rate),
    .entry(
      "training", "loss: hinge",
      "training.loss: received hinge; accepted: logistic, softmax, squared",
      with: rate + "  steps: 3"),
    .entry(
      "training", "optimizer: sgd",
      "training.optimizer: received sgd, did you mean gd? accepted: gd, momentum, rmsprop",
      with: rate + "  steps: 3"),
    .entry(
      "training", "batch: 0",
      "training.batch: received 0; accepted: full or a whole number of at least 1",
      with: rate + "  steps: 3"),
    .entry(
      "training", "momentum: 0.9",
      "training.momentum: belongs to optimizer momentum; the optimizer is gd",
      with: rate + "  steps: 3"),
    .entry(
      "training", "smoothing: 0.9",
      "training.smoothing: belongs to optimizer rmsprop; the optimizer is momentum",
      with: rate + "  steps: 3\n  optimizer: momentum"),
    .entry(
      "training", "momentum: 1",
      "training.momentum: received 1; accepted: a number of at least 0 and below 1",
      with: rate + "  steps: 3\n  optimizer: momentum"),
    .entry(
      "training", "epsilon: 1e-16",
      "training.epsilon: received 1e-16; accepted: a number of at least 1e-15",
      with: rate + "  steps: 3\n  optimizer: rmsprop"),
    FaultyText(
      text: "data: {format: csv, train_path: a, train: 5}\ntraining: {learning_rate: 1, steps: 1, "
        + "batch: 6}",
      sentence: "run.yaml:2: training.batch: received 6; accepted: full or at most the 5 points of "
        + "data.train"),
  ]) func trainingSection(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }

  @Test(arguments: [
    FaultyText.entry(
      "scaling", "meanfield",
      "scaling: received meanfield, did you mean mean_field? accepted: mean_field, ntk, "
        + "sym_default, ic_mean_field, intermediate, default, ntk_published, or a mapping {q_sigma: X, q_eta: Y}"
    ),
    .entry("scaling", "{q_eta: 1}", "scaling.q_sigma: missing; give a decimal number").onLine(2),
    .entry(
      "scaling", "{q_sigma: 1}", "scaling.q_eta: missing; give a decimal number, or q_a and q_w"
    ).onLine(2),
    .entry("scaling", "{q_sigma: 1, q_a: 1}", "scaling.q_w: missing; give a decimal number")
      .onLine(2),
    .entry(
      "scaling", "{q_sigma: 1, q_a: 1, q_eta: 2}",
      "scaling.q_a: q_eta sets both rates; give q_eta, or q_a and q_w"),
    .entry(
      "scaling", "{q_sigma: -1/2, q_eta: 0}",
      "scaling.q_sigma: received -1/2; accepted: a decimal number from -100 to 100, such as -0.75"
    ),
    .entry(
      "scaling", "{q_sigma: 1, q_eta: 1e-1}",
      "scaling.q_eta: received 1e-1; accepted: a decimal number from -100 to 100, such as -0.75"),
    .entry(
      "limit", "particles: automatic",
      "limit.particles: received automatic; accepted: auto or a whole number of at least 1"),
    .entry(
      "limit", "particles: 10000000000",
      "limit.particles: received 10000000000; accepted: auto or a whole number from 1 to "
        + "2147483647"),
    .entry(
      "limit", "particles: -10000000000",
      "limit.particles: received -10000000000; accepted: auto or a whole number of at least 1"),
    .entry(
      "limit", "replicates: 0",
      "limit.replicates: received 0; accepted: auto or a whole number of at least 1"),
    .entry("limit", "tolerance: 0", "limit.tolerance: received 0; accepted: a positive number"),
    .entry("limit", "design: a b", "limit.design: received a b; accepted: a name"),
    .entry(
      "limit", "realizations: 0",
      "limit.realizations: received 0; accepted: a whole number of at least 1"),
    .entry(
      "limit", "seed: 1.5",
      "limit.seed: received 1.5; accepted: a whole number from 0 to 18446744073709551615"),
    .entry(
      "limit", "dynamics: flwo",
      "limit.dynamics: received flwo, did you mean flow? accepted: discrete, flow"),
    .entry(
      "limit", "multirate: on",
      "limit.multirate: received on; accepted: off, auto or a whole number of at least 1"),
    .entry(
      "limit", "multirate: 0",
      "limit.multirate: received 0; accepted: off, auto or a whole number of at least 1"),
    .entry(
      "limit", "small_share: 0",
      "limit.small_share: received 0; accepted: a number above 0 and at most 1"),
    .entry(
      "limit", "small_share: 1.5",
      "limit.small_share: received 1.5; accepted: a number above 0 and at most 1"),
    .entry(
      "limit", "integrator_tolerance: -1",
      "limit.integrator_tolerance: received -1; accepted: a positive number"),
    .entry(
      "finite", "widths: 128",
      "finite.widths: received 128; accepted: a list of whole numbers, at least one"),
    .entry("finite", "widths: [64, 128, 64]", "finite.widths: the width 64 is listed twice"),
    .entry(
      "finite", "widths: [64, 0]",
      "finite.widths: received 0; accepted: a whole number of at least 1"),
    .entry(
      "finite", "seeds: 0", "finite.seeds: received 0; accepted: a whole number of at least 1"),
    .entry(
      "record", "every: log",
      "record.every: received log; accepted: logarithmic or a whole number of at least 1"),
    .entry(
      "record", "probes: -1",
      "record.probes: received -1; accepted: a whole number of at least 0"),
    .entry(
      "record", "probes: 1e10",
      "record.probes: received 1e10; accepted: a whole number from 0 to 2147483647"),
    .entry(
      "record", "probe_kernels: 3",
      "record.probe_kernels: received 3; accepted: true or false"),
    .entry(
      "record", "{probes: 129, probe_kernels: true}",
      "record.probes: received 129; accepted: at most 128 with probe_kernels, which has their pairs"
    ),
    .entry(
      "record", "snapshots: 5", "record.snapshots: received 5; accepted: a list of steps"),
    .entry(
      "record", "snapshots: [5, 0, 5]", "record.snapshots: the step 5 is listed twice"),
    .entry(
      "record", "snapshots: [0, 51]",
      "record.snapshots: the step 51 lies beyond training.steps, which is 50",
      with: "training: {learning_rate: 1, steps: 50}"),
  ]) func scalingLimitFiniteAndRecord(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }
}
