/// Distances between two laws on the line, exact for the samples they are given by.
public struct LineDistances: Sendable, Equatable {
  /// The integral of |F - G|, which is the optimal mean |x - y| (Vallender 1974). Unit of the points.
  public let wasserstein1: Double
  /// sqrt of the integral over u of (F^-1(u) - G^-1(u))^2: the optimal root mean square of x - y.
  public let wasserstein2: Double
  /// The largest |F - G|.
  public let kolmogorovSmirnov: Double
  /// The square of the energy distance, 2 E|X - Y| - E|X - X'| - E|Y - Y'| = 2 times the integral of
  /// (F - G)^2 (Székely, Rizzo 2013). Unit of the points.
  public let energySquared: Double

  /// sqrt(``energySquared``), as scipy.stats.energy_distance has it.
  public var energy: Double { energySquared.squareRoot() }
}

extension SortedSample {
  /// All distances from `other`. Cost: two passes over both samples, after their sorting.
  public func distances(to other: SortedSample) -> LineDistances {
    let steps = distributionIntegrals(other)
    return LineDistances(
      wasserstein1: steps.absolute, wasserstein2: squaredTransport(to: other).squareRoot(),
      kolmogorovSmirnov: steps.largest, energySquared: steps.squared)
  }

  /// The square of the Wasserstein-2 distance: monotone coupling, mass after mass.
  func squaredTransport(to other: SortedSample) -> Double {
    var sum = CompensatedSum()
    var (i, j) = (0, 0)
    var moved = 0.0
    values.withUnsafeBufferPointer { x in
      other.values.withUnsafeBufferPointer { y in
        cumulative.withUnsafeBufferPointer { p in
          other.cumulative.withUnsafeBufferPointer { q in
            while i < x.count, j < y.count {
              let next = min(p[i], q[j])
              let gap = x[i] - y[j]
              sum.add((next - moved) * gap * gap)
              moved = next
              // Shares that are equal end both steps: the same sample is at distance zero exactly.
              let (first, second) = (p[i] <= next, q[j] <= next)
              if first { i += 1 }
              if second { j += 1 }
            }
          }
        }
      }
    }
    return max(sum.value, 0)
  }

  /// Integrals over the line of functions of the two distribution functions F and G.
  private func distributionIntegrals(_ other: SortedSample) -> (
    absolute: Double, squared: Double, largest: Double
  ) {
    var absolute = CompensatedSum()
    var squared = CompensatedSum()
    var largest = 0.0
    var (i, j) = (0, 0)
    var (f, g) = (0.0, 0.0)
    values.withUnsafeBufferPointer { x in
      other.values.withUnsafeBufferPointer { y in
        cumulative.withUnsafeBufferPointer { p in
          other.cumulative.withUnsafeBufferPointer { q in
            var last = min(x[0], y[0])
            while i < x.count || j < y.count {
              let here = i == x.count ? y[j] : j == y.count ? x[i] : min(x[i], y[j])
              let width = here - last
              if width > 0 {
                absolute.add(abs(f - g) * width)
                squared.add(2 * (f - g) * (f - g) * width)
                last = here
              }
              while i < x.count, x[i] == here {
                f = p[i]
                i += 1
              }
              while j < y.count, y[j] == here {
                g = q[j]
                j += 1
              }
              largest = max(largest, abs(f - g))
            }
          }
        }
      }
    }
    return (absolute.value, squared.value, largest)
  }
}
