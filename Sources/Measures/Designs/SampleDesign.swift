/// How the particles of an initial sample are placed: which points, which symmetries, and what is
/// made exact. A simulation of a limit is free to choose; a finite network's neurons are independent.
///
/// Every design is randomized so that each particle has the right law by itself (up to the
/// moment matching, whose bias is of order one over the particles): independent randomizations
/// give independent, nearly unbiased simulations, whose spread is the error.
public struct SampleDesign: Sendable, Equatable {
  /// Where the particles, or one of each group that belongs together, lie.
  public enum Points: String, Sendable, CaseIterable {
    /// Drawn one by one: error N^-1/2.
    case independent
    /// A scrambled Sobol' sequence, output weights first, then the input weights in the order of the
    /// principal components of the training inputs (``SobolSequence``).
    case sobol
    /// The equal-weight rule of the circle or the sphere in two or three coordinates
    /// (``SphericalRule``); it leaves out the radius.
    case sphere
  }

  /// Images of a particle that come with it. The law is symmetric in a and in w.
  public enum Symmetry: String, Sendable, CaseIterable {
    /// (a, w) and (-a, w): the initial logits vanish exactly.
    case antithetic
    /// (a, w) and (-a, -w): functions of odd degree in (a, w) are integrated exactly.
    case reflected
    /// (a, w), (-a, w), (a, -w), (-a, -w).
    case quadruples
  }

  /// Where the particles lie.
  public var points: Points
  /// The images that come with each particle; `nil` without.
  public var symmetry: Symmetry?
  /// Whether the particles are mapped, linearly, so that means and second moments are exact in the
  /// leading coordinates, as many as the sample determines well.
  public var matchesMoments: Bool
  /// Whether every particle is scaled to the root mean square radius in units of the standard
  /// deviations: exact where the step map is positively homogeneous and the law Gaussian, since a
  /// path scaled by c contributes c^2 times as much. Sobol' points are placed on the sphere by a map that preserves
  /// areas (Fang and Wang 1994), others are scaled.
  public var removesRadius: Bool
  /// Whether particles of large output weight are drawn more often, and scaled so that they count
  /// less (``OutputImportance``): for one output, a Gaussian law and a positively homogeneous step map.
  public var weighsOutput: Bool

  /// Any mixture; ``misfit(shape:coordinates:outputs:isHomogeneous:)`` says whether a law allows
  /// it.
  public init(
    points: Points = .independent, symmetry: Symmetry? = nil, matchesMoments: Bool = false,
    removesRadius: Bool = false, weighsOutput: Bool = false
  ) {
    self.points = points
    self.symmetry = symmetry
    self.matchesMoments = matchesMoments
    self.removesRadius = removesRadius || points == .sphere
    self.weighsOutput = weighsOutput
  }

  /// Particles drawn one by one.
  public static let independent = SampleDesign()
  /// Independent pairs (a, w), (-a, w).
  public static let antithetic = SampleDesign(symmetry: .antithetic)

  /// Particles that only come together: the size of a sample is a multiple of it.
  package var groupSize: Int {
    switch symmetry {
    case nil: 1
    case .antithetic, .reflected: 2
    case .quadruples: 4
    }
  }
}

extension SampleDesign {
  /// Words that a design's name is made of, joined by "+" in any order.
  static let words: [String] =
    Points.allCases.map(\.rawValue) + Symmetry.allCases.map(\.rawValue)
    + ["moments", "radius", "importance"]

  /// The design of a name such as "sobol+reflected+moments"; `nil` where a word is unknown, given
  /// twice, or contradicts another.
  public init?(name: String) {
    self.init()
    var seen: Set<String> = []
    var hasPoints = false
    for word in name.split(separator: "+", omittingEmptySubsequences: false).map(String.init) {
      guard seen.insert(word).inserted else { return nil }
      if let points = Points(rawValue: word) {
        if hasPoints { return nil }
        hasPoints = true
        self.points = points
      } else if let symmetry = Symmetry(rawValue: word) {
        if self.symmetry != nil { return nil }
        self.symmetry = symmetry
      } else if word == "moments" {
        matchesMoments = true
      } else if word == "radius" {
        removesRadius = true
      } else if word == "importance" {
        weighsOutput = true
      } else {
        return nil
      }
    }
    if points == .sphere {
      // The rule is symmetric and has its moments by itself.
      if symmetry != nil || matchesMoments { return nil }
      removesRadius = true
    }
    // Both scale the particles, each for a mass of its own.
    if removesRadius, weighsOutput { return nil }
  }

  /// The shortest name that ``init(name:)`` understands.
  public var name: String {
    var words: [String] = []
    if points != .independent || symmetry == nil { words.append(points.rawValue) }
    if let symmetry { words.append(symmetry.rawValue) }
    if matchesMoments { words.append("moments") }
    if removesRadius, points != .sphere { words.append("radius") }
    if weighsOutput { words.append("importance") }
    return words.joined(separator: "+")
  }
}

extension SampleDesign {
  /// The design with the smallest error by measurement (documentation, "Designs of the initial
  /// sample").
  ///
  /// - Parameters:
  ///   - coordinates: of a and w together.
  ///   - outputs: coordinates of a.
  ///   - isHomogeneous: whether the step map is positively homogeneous in (a, w) jointly.
  ///   - hasControlVariates: they take the noise out of the initial logits; where there are none
  ///     (a single replicate, gradient flow), symmetry does, unless points in few coordinates do better.
  public static func automatic(
    shape: InitialLaw.Shape, coordinates: Int, outputs: Int, isHomogeneous: Bool,
    hasControlVariates: Bool
  ) -> SampleDesign {
    if isHomogeneous, shape == .gaussian, SphericalRule.Sphere(rawValue: coordinates) != nil {
      return SampleDesign(points: .sphere)
    }
    // Measured with and without control variates: better for 4 and 6 coordinates (variances 3 and 1.6 times smaller with
    // eight replicates), with them up to 16, worse for 26.
    if isHomogeneous, shape == .gaussian, coordinates <= (hasControlVariates ? 20 : 10) {
      return SampleDesign(points: .sobol, matchesMoments: true, removesRadius: true)
    }
    // Measured: better at all steps for 56 and 257 coordinates of w, worse from step 20 on for 6.
    let weighsOutput =
      isHomogeneous && shape == .gaussian && outputs == 1 && coordinates > 20
    guard coordinates <= SobolSequence.largestDimension else {
      return SampleDesign(
        points: .independent, symmetry: hasControlVariates ? nil : .quadruples,
        matchesMoments: true, weighsOutput: weighsOutput)
    }
    let largestWithoutSymmetry = hasControlVariates ? 100 : 10
    return SampleDesign(
      points: .sobol, symmetry: coordinates > largestWithoutSymmetry ? .reflected : nil,
      matchesMoments: true, weighsOutput: weighsOutput)
  }

  /// Independent replicates where their number is left to the program: enough for an error estimate,
  /// few enough that each keeps most of the particles. The spherical rule's error falls so fast that
  /// every doubling of their number costs two to four times the particles; four are the fewest with
  /// which both one and two standard errors cover what they should (``studentFactor(samples:)``).
  public var automaticReplicates: Int { points == .sphere ? 4 : 8 }

  /// Whether the exact initial logits and kernel say enough of a sample's error to be worth feeding
  /// back. The spherical rule integrates both better than the later logits: at XOR the correction
  /// gained nothing from step 5 on, and regression on four replicates would hide a part of the error.
  package var takesControlVariates: Bool { points != .sphere }
}
