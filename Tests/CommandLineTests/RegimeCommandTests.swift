import Foundation
import InfiniteWidth
import Testing

@Suite struct RegimeCommandTests {
  let folder: Program.Folder

  init() throws { folder = try Program.Folder() }

  func run(_ arguments: String...) throws -> Program.Result {
    try Program.run(["regime"] + arguments, in: folder)
  }

  /// The object that `--json` prints, whose numbers keep no other form than Foundation's.
  func object(_ arguments: [String]) throws -> NSDictionary {
    let result = try Program.run(["regime"] + arguments + ["--json"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? NSDictionary)
  }

  /// Names and exponents with an optimizer that normalizes its steps.
  @Test func rmspropHasExponentsOfItsOwn() throws {
    let ntk = try run("ntk", "--optimizer", "rmsprop")
    #expect(ntk.output.hasPrefix("Scaling: q_sigma -0.5, q_eta -0.5, rmsprop\n  alpha  0 "))
    #expect(
      ntk.output.contains(
        "Limit: NTK (ntk).\nThe law of the weights is frozen; the steps of rmsprop are not linear in the"
          + " loss gradient, so that no constant kernel makes them.\n"))
    let field = try object(["--q-sigma", "-1", "--q-eta", "0", "--optimizer", "rmsprop"])
    #expect(field["limit"] as? String == "mean_field" && field["gamma"] as? Double == 0)
    let diverging = try run("--q-sigma", "-1", "--q-eta", "1", "--optimizer", "rmsprop")
    #expect(
      diverging.output.hasSuffix(
        "The nearest named scaling with a limit: mean_field (q_sigma -1, q_eta 0).\n"))
    let momentum = try run("ntk", "--optimizer", "momentum")
    #expect(try momentum.output == run("ntk").output)
  }

  @Test func textForPeople() throws {
    let result = try run("--q-sigma", "-0.75", "--q-eta", "0.5")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    #expect(
      result.output == """
        Scaling: q_sigma -0.75, q_eta 0.5
          alpha  -0.25  exponent in the width of the initial logits
          beta   0      of the tangent kernel, and so of the logits' increments
          gamma  -0.25  of the weights' relative increments

        Dynamically stable: -1/2 <= gamma <= 0.
        Limit: intermediate (intermediate).
        The tangent kernel is constant; it acts on the loss gradient at finite logits, zero at first.
          law of the weights            frozen
          loss gradient at step 0       at zero logits
          loss gradient from step 1 on  at the logits f_k, finite

        Properties of finite networks
          initial logits finite              no   needs alpha = 0
          tangent kernel finite              yes  needs beta = 0
          logits and kernel of one order     no   needs gamma = -1/2
          kernel evolves by a finite factor  no   needs gamma = 0

        """)
  }

  @Test func unstableScalingsNameTheNearestStableOne() throws {
    let diverging = try run("default").output
    #expect(
      diverging.contains(
        "\nNot dynamically stable: q_sigma + q_a = 0.5 > 0: relative increments of the output weights"
          + " grow with the width as d^0.5, and the dynamics diverges.\n"))
    #expect(
      diverging.hasSuffix(
        "\nThe nearest named scaling with a limit: sym_default (q_sigma -0.5, q_eta 0.5).\n"))
    let stagnating = try run("--q-sigma", "-1", "--q-eta", "-1").output
    #expect(stagnating.contains("\nNot dynamically stable: gamma = -2 < -1/2: increments of the"))
    #expect(
      stagnating.hasSuffix(
        "\nThe nearest named scaling with a limit: ntk (q_sigma -0.5, q_eta 0).\n"))
    #expect(
      try run("--q-sigma", "-0.5", "--q-a", "0", "--q-w", "-1").output.contains(
        "\nDynamically stable, without a limit: q_a = 0 and q_w = -1 differ:"))
  }

  @Test func namedScalings() throws {
    for (name, limit) in [
      ("mean_field", "MF (mean_field)."), ("ntk", "NTK (ntk)."),
      ("sym_default", "sym-default (sym_default)."),
      ("intermediate", "intermediate (intermediate)."),
      ("ic_mean_field", "IC-MF (ic_mean_field), mean field with the reference network's initial"),
    ] {
      let result = try run(name)
      #expect(result.status == 0)
      #expect(result.output.contains("\nLimit: \(limit)"), "\(name)")
    }
  }

  @Test func jsonOfALimit() throws {
    #expect(
      try object(["--q-sigma", "-.5", "--q-eta", "0.25"]) == [
        "q_sigma": -0.5, "q_eta": 0.25, "alpha": 0, "beta": 0.25, "gamma": -0.25, "stable": true,
        "limit": "ntk_sym_default_line", "measure": "frozen",
        "loss_gradient_at_start": "gaussian_process", "loss_gradient_later": "sign",
        "properties": [
          "initial_logits_finite": true, "kernel_finite": false,
          "logits_and_kernel_same_order": false, "kernel_evolves": false,
        ],
      ])
    #expect(
      try object(["ic_mean_field"]) == [
        "q_sigma": -1, "q_eta": 1, "alpha": -0.5, "beta": 0, "gamma": 0, "stable": true,
        "limit": "ic_mean_field", "measure": "moves",
        "loss_gradient_at_start": "gaussian_process", "loss_gradient_later": "finite",
        "properties": [
          "initial_logits_finite": true, "kernel_finite": true,
          "logits_and_kernel_same_order": true, "kernel_evolves": true,
        ],
      ])
  }

  @Test func jsonWithoutALimit() throws {
    #expect(
      try object(["default"]) == [
        "q_sigma": -0.5, "q_eta": NSNull(), "q_a": 1, "q_w": 0, "alpha": 0, "beta": 1,
        "gamma": 0.5, "stable": false, "limit": NSNull(), "measure": NSNull(),
        "loss_gradient_at_start": NSNull(), "loss_gradient_later": NSNull(),
        "reason":
          "q_sigma + q_a = 0.5 > 0: relative increments of the output weights grow with the width as"
          + " d^0.5, and the dynamics diverges.",
        "properties": [
          "initial_logits_finite": true, "kernel_finite": false,
          "logits_and_kernel_same_order": false, "kernel_evolves": false,
        ],
      ])
  }

  /// Exponents print as the decimals they are.
  @Test func decimalsStayDecimal() throws {
    let text = try run("--q-sigma", "-0.7", "--q-eta", "0.6", "--json").output
    #expect(text.contains("\"beta\" : 0.2,"))
    #expect(text.contains("\"gamma\" : -0.1,"))
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func figures() throws {
    let result = try run("ntk", "--figure", "phase.svg")
    #expect(result.status == 0)
    #expect(result.output.hasSuffix("\n\nWritten: phase.svg\n"))
    #expect(folder.contents() == ["phase.svg"])
    let again = try run("ntk", "--figure", "phase.svg")
    #expect(again.status == 74)
    #expect(again.output.isEmpty)
    #expect(
      again.errors
        == "infwidth: error: phase.svg: the file exists; choose another name or pass --force\n")
    #expect(try run("ntk", "--figure", "phase.svg", "--force").status == 0)
    #expect(try run("ntk", "--figure", "phase.png", "--json").status == 0)
    #expect(folder.contents() == ["phase.png", "phase.svg"])
  }

  static let number = "accepted: a decimal number from -100 to 100, such as -0.75"

  @Test(arguments: [
    (["--q-sigma", "a", "--q-eta", "1"], "--q-sigma: received a; \(number)"),
    (["--q-sigma", "-1", "--q-eta", "1e-1"], "--q-eta: received 1e-1; \(number)"),
    (["--q-sigma", "-100.1", "--q-eta", "1"], "--q-sigma: received -100.1; \(number)"),
    (["--q-sigma", "-1", "--q-a", "1", "--q-w", "nan"], "--q-w: received nan; \(number)"),
    (["--q-sigma", "-1", "--q-eta", ""], "--q-eta: received an empty text; \(number)"),
    (
      ["--q-sigma", "-1"],
      "--q-eta: missing; give a decimal number from -100 to 100, such as -0.75"
    ),
    (
      ["--q-eta", "-1"],
      "--q-sigma: missing; give a decimal number from -100 to 100, such as -0.75"
    ),
    (
      ["--q-sigma", "-1", "--q-w", "1"],
      "--q-a: missing; give a decimal number from -100 to 100, such as -0.75"
    ),
    (
      ["--q-sigma", "-1", "--q-eta", "1", "--q-w", "1"],
      "--q-eta: received with --q-w; accepted: --q-eta, which sets both rates, or --q-a and --q-w"
    ),
    (
      ["ntk", "--q-eta", "1"],
      "--q-eta: received the name ntk as well; accepted: a name, or exponents"
    ),
    (
      [],
      "no scaling given; accepted: a name such as ntk, or --q-sigma and --q-eta, or --q-sigma,"
        + " --q-a and --q-w"
    ),
    (
      ["meanfield"],
      "name: received meanfield, did you mean mean_field? accepted: mean_field, ntk, sym_default,"
        + " ic_mean_field, intermediate, default, ntk_published, or exponents such as --q-sigma -0.75 --q-eta 0.5"
    ),
    (
      ["xyz"],
      "name: received xyz; accepted: mean_field, ntk, sym_default, ic_mean_field, intermediate,"
        + " default, ntk_published, or exponents such as --q-sigma -0.75 --q-eta 0.5"
    ),
    (
      ["ntk", "--optimizer", "adam"],
      "--optimizer: received adam; accepted: gd, momentum, rmsprop"
    ),
    (
      ["ntk", "--optimizer", "rmsprop", "--figure", "phase.svg"],
      "--figure: the phase diagram is that of gd and momentum; accepted: no figure with rmsprop"
    ),
    (
      ["ntk", "--figure", "phase.pdf"],
      "--figure: received phase.pdf; accepted: a file name that ends in .svg or .png"
    ),
  ]) func badCommandLines(arguments: [String], message: String) throws {
    let result = try Program.run(["regime"] + arguments, in: folder)
    #expect(result.errors == "infwidth: error: \(message)\n")
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(folder.contents() == [])
  }
}
