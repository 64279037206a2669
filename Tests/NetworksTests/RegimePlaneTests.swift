import Networks
import Testing

/// The classification against the inequalities of Golikov 2020 (arXiv 2006.06574), written out case
/// by case in exact integers.
@Suite struct RegimePlaneTests {
  /// The limit of (s, e) / `one`, where `one` is even.
  private static func limit(_ s: Int, _ e: Int, one: Int) -> DynamicallyStableLimit? {
    let half = one / 2
    if s + e == 0 {
      if s < -one { return .beyondMeanField }
      if s == -one { return .meanField }
      if s < -half { return .betweenMeanFieldAndSymmetricDefault }
      return s == -half ? .symmetricDefault : .beyondSymmetricDefault
    }
    if s + e == -half {
      return s < -half ? .beyondNTKVanishing : s == -half ? .ntk : .beyondNTKDiverging
    }
    guard s + e > -half, s + e < 0 else { return nil }
    if s == -half { return .ntkToSymmetricDefaultLine }
    if s > -half { return .interiorDiverging }
    if 2 * s + e + one == 0 { return .intermediate }
    return 2 * s + e + one < 0 ? .interiorVanishing : .triangleInterior
  }

  private static func decimal(_ thousandths: Int) -> ExactDecimal {
    let digits = String(thousandths.magnitude)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let text = "\(thousandths < 0 ? "-" : "")\(padded.dropLast(3)).\(padded.suffix(3))"
    guard let exact = ExactDecimal(text: text) else { preconditionFailure(text) }
    return exact
  }

  /// Every twentieth between -2 and 2, which meets every line and point.
  @Test func grid() {
    var seen: [DynamicallyStableLimit: Int] = [:]
    for s in stride(from: -2000, through: 2000, by: 50) {
      for e in stride(from: -2000, through: 2000, by: 50) {
        let regime = Scaling(qSigma: Self.decimal(s), qEta: Self.decimal(e)).regime
        let expected = Self.limit(s, e, one: 1000)
        #expect(regime.limit == expected, "\(s), \(e)")
        #expect(regime.isStable == (expected != nil))
        if let expected { seen[expected, default: 0] += 1 }
      }
    }
    #expect(seen.count == 13)
  }

  @Test func randomPoints() {
    for _ in 0..<5000 {
      let s = Int.random(in: -90_000...90_000)
      // Half of them in the band or a little beyond, half of these on its edges.
      let gamma = Bool.random() ? Int.random(in: -600...100) : Bool.random() ? 0 : -500
      let regime = Scaling(qSigma: Self.decimal(s), qEta: Self.decimal(gamma - s)).regime
      let expected = Self.limit(s, gamma - s, one: 1000)
      #expect(regime.limit == expected, "\(s), \(gamma - s)")
      #expect(regime.alpha == Self.decimal(s + 500))
      #expect(regime.beta == Self.decimal(s + gamma + 1000))
      #expect(regime.gamma == Self.decimal(gamma))
      #expect(
        listed(regime.properties)
          == [s == -500, s + gamma + 1000 == 0, gamma == -500, gamma == 0])
    }
  }

  /// A scaling on a line, or in a corner, stays there when its exponents are off by rounding, in any
  /// direction; what is farther away than that is not on the line.
  @Test(arguments: LimitCase.all) func withinRounding(_ point: LimitCase) throws {
    let exact = Scaling(qSigma: point.q.sigma, qEta: point.q.eta).regime
    let shifts: [ExactDecimal] = [-0.0000000000003, -0.0000000000001, 0, 0.0000000000003]
    for sigma in shifts {
      for eta in shifts {
        let regime = Scaling(qSigma: point.q.sigma + sigma, qEta: point.q.eta + eta).regime
        #expect(regime.limit == exact.limit)
        #expect(regime.properties == exact.properties)
        #expect(regime.lossGradientAtStart == exact.lossGradientAtStart)
        #expect(regime.lossGradientLater == exact.lossGradientLater)
      }
    }
  }

  @Test func beyondRounding() {
    let step: ExactDecimal = 0.000000000003
    func limit(_ sigma: ExactDecimal, _ eta: ExactDecimal) -> DynamicallyStableLimit? {
      Scaling(qSigma: sigma, qEta: eta).regime.limit
    }
    #expect(limit(-0.5, -step) == nil)
    #expect(limit(-0.5, step) == .ntkToSymmetricDefaultLine)
    #expect(limit(-0.5, 0.5 + step) == nil)
    #expect(limit(-0.75, 0.5 + step) == .triangleInterior)
    #expect(limit(-0.75, 0.5 - step) == .interiorVanishing)
    #expect(limit(-0.5 - step, 0.25) == .triangleInterior)
    #expect(limit(-0.5 + step, 0.25) == .interiorDiverging)
    #expect(limit(-1 - step, 1 + step) == .beyondMeanField)
    #expect(limit(-1 + step, 1 - step) == .betweenMeanFieldAndSymmetricDefault)
  }

  /// Exponents near a corner whose sums cross the tolerance one by one must not contradict each
  /// other: every pair of shifts has a limit, or is unstable, and never stops the program.
  @Test func cornersNeverContradictThemselves() throws {
    let shifts = (-12...12).map { Double($0) * 2.5e-13 }
    for corner in [(-1.0, 1.0), (-0.5, 0.5), (-0.5, 0), (-0.75, 0.5)] {
      for sigma in shifts {
        for eta in shifts {
          let regime = Scaling(
            qSigma: try #require(ExactDecimal(double: corner.0 + sigma)),
            qEta: try #require(ExactDecimal(double: corner.1 + eta))
          ).regime
          #expect((regime.limit != nil) == regime.isStable)
          #expect(regime.properties.kernelIsFinite == (regime.beta == 0))
        }
      }
    }
  }

  /// Sums in binary fractions, as programs that write configurations produce them.
  @Test func binarySums() throws {
    let eta = try #require(ExactDecimal(double: 0.1 + 0.2))
    #expect(eta != 0.3)
    #expect(Scaling(qSigma: -0.3, qEta: eta).regime.gamma == 0)
    let sigma = try #require(ExactDecimal(double: -0.7500000000000001))
    #expect(Scaling(qSigma: sigma, qEta: 0.5).regime.limit == .intermediate)
    let nearly = Scaling(qSigma: -0.3, qA: 0.3, qW: eta).regime
    #expect(nearly.limit == .beyondSymmetricDefault)
    #expect(nearly.qEta == 0.3)
  }
}
