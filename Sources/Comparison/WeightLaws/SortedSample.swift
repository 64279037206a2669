import Diagnostics

/// A weighted sample on the line, sorted: what distances between one-dimensional laws are computed
/// from, exactly.
///
/// Cost: one sort, O(m log m), then every distance is one pass.
public struct SortedSample: Sendable {
  /// Points in ascending order; points without mass are left out.
  public let values: [Double]
  /// Share of the mass up to and with each point, rounded from compensated sums; the last is exactly 1.
  package let cumulative: [Double]

  /// Points with masses, which need not sum to 1; without them all points count the same.
  ///
  /// - Throws: a ``Diagnostic`` where there is no point, a point or mass is not finite, a mass is
  ///   negative or all are zero.
  public init(_ values: [Double], masses: [Double]? = nil) throws {
    precondition(masses == nil || masses!.count == values.count, "one mass a point")
    try check(values, masses: masses)
    guard let masses else {
      self.values = values.sorted()
      let count = Double(values.count)
      cumulative = (1...values.count).map { Double($0) / count }
      return
    }
    var pairs: [(value: Double, mass: Double)] = []
    pairs.reserveCapacity(values.count)
    for i in values.indices where masses[i] > 0 { pairs.append((values[i], masses[i])) }
    // Equal points in any order make one step of the distribution function, but not the same rounding.
    pairs.sort { $0.value != $1.value ? $0.value < $1.value : $0.mass < $1.mass }
    var sum = CompensatedSum()
    var cumulative = [Double]()
    cumulative.reserveCapacity(pairs.count)
    for pair in pairs {
      sum.add(pair.mass)
      cumulative.append(sum.value)
    }
    let total = sum.value
    for i in cumulative.indices { cumulative[i] /= total }
    self.values = pairs.map(\.value)
    self.cumulative = cumulative
  }

  /// The share of each point.
  public var masses: [Double] {
    cumulative.indices.map { $0 == 0 ? cumulative[0] : cumulative[$0] - cumulative[$0 - 1] }
  }

  /// The variance of the law, without a correction for the size of the sample.
  public var variance: Double {
    let masses = masses
    let mean = zip(values, masses).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(values, masses).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
  }

  /// Points in single precision.
  public init(_ values: [Float], masses: [Double]? = nil) throws {
    try self.init(values.map(Double.init), masses: masses)
  }
}

/// The first fault of a sample that distances cannot be computed from.
func check(_ values: some Collection<Double>, masses: [Double]?) throws {
  guard !values.isEmpty else {
    throw Diagnostic(.badInput, "a distance needs at least one point; the sample is empty")
  }
  for (i, value) in values.enumerated() where !value.isFinite {
    throw Diagnostic(
      .badInput, "value \(i) of the sample is \(value); distances need finite values")
  }
  guard let masses else { return }
  for (i, mass) in masses.enumerated() where !(mass >= 0 && mass.isFinite) {
    throw Diagnostic(
      .badInput, "the mass of point \(i) is \(mass); masses are finite and not negative")
  }
  if !masses.contains(where: { $0 > 0 }) {
    throw Diagnostic(
      .badInput, "all masses of the sample are 0; at least one must be positive")
  }
}

/// Sum with a second number for what rounding loses (Neumaier 1974): error of one rounding.
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  var value: Double { sum + lost }

  mutating func add(_ x: Double) {
    let next = sum + x
    lost += abs(sum) >= abs(x) ? (sum - next) + x : (x - next) + sum
    sum = next
  }
}
