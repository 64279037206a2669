import Networks
import ParticleSystems

/// The exponents in d of what separates rescaled logits of networks from those of their limit, from
/// step 1 on, relative to the logits.
///
/// - *Fluctuation*: sums over d neurons instead of means: -1/2.
/// - *Initial function*: where the limit leaves it out of the later logits, d^(alpha - beta) =
///   d^-(gamma + 1/2).
/// - *Kernel*, where the limit freezes it: weights change by d^gamma relatively. Increments of a are
///   even and those of w odd in the initial a, whose law is symmetric, and K is even in it, so that
///   changes of first order have mean zero: 2 gamma.
/// - *Loss gradient at zero* in the place of vanishing logits: l'(f) - l'(0) ~ f: alpha (of the
///   initial logits) at step 0, beta later, where negative.
/// - *Loss gradient at infinity* in the place of diverging logits f = (d/d*)^q f~: l' is not its
///   limit where y f~ is within (d/d*)^-q of 0, at a fraction d^-q of the points. But l' minus its
///   limit is odd in y f there, so what remains of a sum over many points with a smooth law of f~ is
///   of second order, -2 q; q = alpha at step 0, q = beta later.
///
/// These hold while many training points take part. A sign is discontinuous: at an error e of f~ a
/// fraction ~ e of the n points have the wrong sign. Their mean effect is ~ e, their random one
/// ~ sqrt(e / n), which is larger once n e < 1: over realizations of a random limit the RMS gap then
/// is that of the rare realizations in which one point is wrong. So exponents of the RMS of limits
/// with signs of *random* logits are halved at each step from which a sign is taken; likewise -q of
/// the window above becomes -q/2. (In a limit that is not random points stay away from zero, and an
/// error that is small enough changes no sign.) At n = 256 and the widths of the tests n e is from
/// 1 to 50, so exponents are found between the two; ``SlowLimitConvergenceTests`` has n = 16 too.
struct CorrectionExponents {
  let fluctuation = -0.5
  let initialFunction: Double?
  let kernel: Double?
  let gradientAtZero: Double?
  let gradientAtInfinity: Double?
  /// Whether signs of logits are taken that differ from realization to realization.
  let takesRandomSigns: Bool

  init(_ regime: Regime) {
    let rule = TrainingRule(regime)
    let (start, later) = (regime.initialLogitExponent.value, regime.beta.value)
    initialFunction = rule.offset == .always ? nil : -(regime.gamma.value + 0.5)
    kernel = regime.gamma < 0 ? 2 * regime.gamma.value : nil
    gradientAtZero = [start, later].filter { $0 < 0 }.max()
    gradientAtInfinity = [start, later].filter { $0 > 0 }.map { -2 * $0 }.max()
    takesRandomSigns = later > 0 && rule.offset != .never
  }

  /// The asymptotic exponent for many training points.
  var slowest: Double {
    [initialFunction, kernel, gradientAtZero, gradientAtInfinity].compactMap { $0 }
      .reduce(fluctuation, max)
  }

  /// That at step 2, the first that takes a sign of f~_k, for few training points.
  var slowestForFewPoints: Double { takesRandomSigns ? slowest / 2 : slowest }
}
