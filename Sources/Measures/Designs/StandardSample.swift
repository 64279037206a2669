private import CKernels

/// One randomization of a design: particles in standard coordinates, each of mean zero and variance
/// one, output weights first.
///
/// A particle is a pure function of (design, seed, randomization, sizes, its number), so that any
/// block can be made again, alone, on any thread. Moment matching needs the whole sample and is not
/// done here.
package struct StandardSample: Sendable {
  package let design: SampleDesign
  let shape: InitialLaw.Shape
  /// Coordinates of a, the first ones of a row.
  package let outputs: Int
  /// Coordinates of w.
  let features: Int
  package let count: Int
  private let source: Source
  /// The output weights alone, where they are weighed.
  private let outputSource: Source?

  private enum Source: Sendable {
    case independent(output: RandomStream, input: RandomStream, first: Int)
    case sobol(SobolSequence)
    case sobolOnSphere(SobolSequence, SphereMap)
    case sphere(SphericalRule)
  }

  /// Particles of one randomization, at most: their numbers are part of the counter.
  static let largestCount = 1 << 32

  /// - Parameters:
  ///   - count: a multiple of the design's group size.
  ///   - randomization: its number; different numbers are independent.
  /// - Precondition: the design fits, see ``SampleDesign/misfit(shape:coordinates:outputs:isHomogeneous:)``.
  package init(
    design: SampleDesign, shape: InitialLaw.Shape, outputs: Int, features: Int, count: Int,
    seed: UInt64, randomization: Int
  ) {
    precondition(count >= 1 && count % design.groupSize == 0 && count <= Self.largestCount)
    precondition(!design.removesRadius || shape == .gaussian)
    precondition(design.points != .sphere || design.symmetry == nil && !design.matchesMoments)
    precondition(
      !design.weighsOutput || shape == .gaussian && outputs == 1 && !design.removesRadius)
    self.design = design
    self.shape = shape
    self.outputs = outputs
    self.features = features
    self.count = count
    func sobol(_ dimensions: Int) -> SobolSequence {
      SobolSequence(
        dimensions: dimensions,
        randomization: .nestedUniform(seed: seed, number: randomization))
    }
    switch design.points {
    case .independent:
      source = .independent(
        output: RandomStream(seed: seed, stream: .limitOutputWeights),
        input: RandomStream(seed: seed, stream: .limitInputWeights),
        first: randomization * Self.largestCount)
      outputSource = design.weighsOutput ? source : nil
    case .sobol where design.removesRadius:
      source = .sobolOnSphere(
        sobol(outputs + features - 1), SphereMap(coordinates: outputs + features))
      outputSource = nil
    case .sobol:
      source = .sobol(sobol(outputs + features))
      // The points of fewer dimensions are the first coordinates.
      outputSource = design.weighsOutput ? .sobol(sobol(outputs)) : nil
    case .sphere:
      let sphere = SphericalRule.Sphere(rawValue: outputs + features)!
      source = .sphere(
        SphericalRule(sphere, count: count, seed: seed, randomization: randomization))
      outputSource = nil
    }
  }

  package var coordinates: Int { outputs + features }

  /// Writes particles `first ..< first + count`, one a row of ``coordinates`` numbers; `first` is a
  /// multiple of the group size.
  package func fill(first: Int, count: Int, into rows: UnsafeMutablePointer<Double>) {
    let group = design.groupSize
    precondition(first % group == 0 && count % group == 0 && first + count <= self.count)
    let bases = count / group
    // The bases of the groups are drawn into the last rows, where spreading them out from the first
    // on never overwrites one that is still needed.
    let drawn = rows + (count - bases) * coordinates
    draw(source, first: first / group, count: bases, features: features, into: drawn)
    if design.removesRadius { removeRadius(drawn, count: bases) }
    if design.weighsOutput { weighOutput(drawn, count: bases) }
    guard let symmetry = design.symmetry else { return }
    for base in 0..<bases {
      let row = rows + base * group * coordinates
      row.update(from: drawn + base * coordinates, count: coordinates)
      addImages(symmetry, of: row)
    }
  }

  /// The masses of particles `first ..< first + count` that their sizes stand for, each of mean one; `nil` where
  /// the design weighs none.
  ///
  /// - Cost: that of the output weights.
  package func masses(first: Int, count: Int) -> [Double]? {
    guard let outputSource else { return nil }
    let group = design.groupSize
    let firstBase = first / group
    let bases = (first + count + group - 1) / group - firstBase
    let outputWeights = [Double](unsafeUninitializedCapacity: bases) { buffer, initialized in
      buffer.initialize(repeating: 0)
      draw(
        outputSource, first: firstBase, count: bases, features: 0, into: buffer.baseAddress!)
      initialized = bases
    }
    let masses = outputWeights.map { OutputImportance.mass(OutputImportance.quantile($0)) }
    return (first..<(first + count)).map { masses[$0 / group - firstBase] }
  }

  private func draw(
    _ source: Source, first: Int, count: Int, features: Int,
    into rows: UnsafeMutablePointer<Double>
  ) {
    let coordinates = outputs + features
    let numbers = UnsafeMutableBufferPointer(start: rows, count: count * coordinates)
    switch source {
    case .independent(let output, let input, let offset):
      for r in 0..<count {
        let row = rows + r * coordinates
        let particle = offset + first + r
        let a = UnsafeMutableBufferPointer(start: row, count: outputs)
        let w = UnsafeMutableBufferPointer(start: row + outputs, count: features)
        switch shape {
        case .gaussian:
          output.fillNormals(a, particle: particle)
          input.fillNormals(w, particle: particle)
        case .uniform:
          output.fillUniforms(a, particle: particle)
          input.fillUniforms(w, particle: particle)
        }
      }
      if shape == .uniform { spread(numbers) }
    case .sobol(let sequence):
      sequence.fillUniforms(first: first, count: count, into: rows)
      switch shape {
      case .gaussian: iw_normal_quantiles(numbers.count, rows)
      case .uniform: spread(numbers)
      }
    case .sobolOnSphere(let sequence, let map):
      sequence.fillUniforms(first: first, count: count, into: rows + count)
      map.place(count: count, in: rows)
    case .sphere(let rule):
      rule.fillPoints(first: first, count: count, into: rows)
    }
  }

  /// From (0, 1) to mean zero and variance one.
  private func spread(_ numbers: UnsafeMutableBufferPointer<Double>) {
    let halfWidth = 3.0.squareRoot()
    for i in numbers.indices { numbers[i] = (2 * numbers[i] - 1) * halfWidth }
  }

  /// To the root mean square radius of `coordinates` standard normal numbers.
  private func removeRadius(_ rows: UnsafeMutablePointer<Double>, count: Int) {
    for r in 0..<count {
      let row = rows + r * coordinates
      var square = 0.0
      for j in 0..<coordinates { square += row[j] * row[j] }
      let factor = (Double(coordinates) / square).squareRoot()
      for j in 0..<coordinates { row[j] *= factor }
    }
  }

  /// To a law with more large output weights, every particle scaled to the mass it stands for.
  private func weighOutput(_ rows: UnsafeMutablePointer<Double>, count: Int) {
    for r in 0..<count {
      let row = rows + r * coordinates
      row[0] = OutputImportance.quantile(row[0])
      let factor = OutputImportance.mass(row[0]).squareRoot()
      for j in 0..<coordinates { row[j] *= factor }
    }
  }

  private func addImages(_ symmetry: SampleDesign.Symmetry, of row: UnsafeMutablePointer<Double>) {
    func image(_ number: Int, output: Double, input: Double) {
      let target = row + number * coordinates
      for j in 0..<outputs { target[j] = output * row[j] }
      for j in outputs..<coordinates { target[j] = input * row[j] }
    }
    switch symmetry {
    case .antithetic: image(1, output: -1, input: 1)
    case .reflected: image(1, output: -1, input: -1)
    case .quadruples:
      image(1, output: -1, input: 1)
      image(2, output: 1, input: -1)
      image(3, output: -1, input: -1)
    }
  }
}

extension SampleDesign {
  /// Why the design does not suit a law in so many coordinates, or `nil` where it does.
  ///
  /// - Parameters:
  ///   - coordinates: of a and w together.
  ///   - outputs: coordinates of a.
  ///   - isHomogeneous: whether the step map is positively homogeneous in (a, w) jointly.
  public func misfit(
    shape: InitialLaw.Shape, coordinates: Int, outputs: Int, isHomogeneous: Bool
  ) -> String? {
    if points == .sobol, coordinates > SobolSequence.largestDimension {
      return "Sobol' points have at most \(SobolSequence.largestDimension) coordinates, not"
        + " \(coordinates)"
    }
    if points == .sphere, SphericalRule.Sphere(rawValue: coordinates) == nil {
      return
        "the spherical rule is for 2 or 3 coordinates (of a and w together), not \(coordinates)"
    }
    if removesRadius, shape != .gaussian {
      return "the radius can be left out of a Gaussian law only"
    }
    if removesRadius, !isHomogeneous {
      return "the radius can be left out for linear, relu and leaky_relu only"
    }
    if weighsOutput, outputs > 1 {
      return "importance sampling is for one output weight, not \(outputs)"
    }
    if weighsOutput, shape != .gaussian {
      return "importance sampling is for a Gaussian law only"
    }
    if weighsOutput, !isHomogeneous {
      return "importance sampling is for linear, relu and leaky_relu only"
    }
    return nil
  }
}
