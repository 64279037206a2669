import LinearAlgebra
import Synchronization

/// A Fourier transform of real data in one, two or three dimensions, on one thread.
///
/// Plans are cached for the life of the process: transforms of one shape share one. FFTW's planner
/// is not thread-safe and runs under a lock; executing a plan needs none. Plans are estimated, not
/// measured: which algorithm wins a measurement depends on the load of the machine, and with it the
/// last bits of every result would.
///
/// Cost: about 2.5 M log2 M operations for M points whose number has small prime factors.
struct FFTPlan<Scalar: FFTScalar>: @unchecked Sendable {
  let direction: FFTDirection
  /// Real points along each axis.
  let shape: [Int]
  private let plan: OpaquePointer

  init(_ direction: FFTDirection, shape: [Int]) {
    precondition((1...3).contains(shape.count) && shape.allSatisfy { $0 > 0 })
    self.direction = direction
    self.shape = shape
    plan = PlanCache.plan(direction, shape: shape, as: Scalar.self)
  }

  var realCount: Int { shape.reduce(1, *) }
  /// Complex coefficients stored: the last axis keeps frequencies 0 ... n / 2 alone, the others
  /// being conjugates.
  var spectrumCount: Int { Self.spectrumCount(shape) }

  static func spectrumCount(_ shape: [Int]) -> Int {
    shape.dropLast().reduce(1, *) * (shape[shape.count - 1] / 2 + 1)
  }

  /// Transforms one array into the other; the input may be overwritten.
  ///
  /// - Parameters:
  ///   - real: `realCount` values, the last axis fastest.
  ///   - spectrum: `spectrumCount` pairs of real and imaginary parts.
  func execute(real: AlignedBuffer<Scalar>, spectrum: AlignedBuffer<Scalar>) {
    precondition(real.count == realCount && spectrum.count == 2 * spectrumCount)
    Scalar.execute(
      plan, isForward: direction == .forward, real: real.base, spectrum: spectrum.base)
  }
}

/// Plans made so far.
private enum PlanCache {
  private struct Key: Hashable {
    var direction: FFTDirection
    var shape: [Int]
    var scalar: ObjectIdentifier
  }

  /// FFTW's plans are read-only once made.
  private struct Plan: @unchecked Sendable {
    var pointer: OpaquePointer
  }

  private static let plans = Mutex<[Key: Plan]>([:])

  static func plan<Scalar: FFTScalar>(
    _ direction: FFTDirection, shape: [Int], as: Scalar.Type
  ) -> OpaquePointer {
    let key = Key(direction: direction, shape: shape, scalar: ObjectIdentifier(Scalar.self))
    return plans.withLock { plans in
      if let plan = plans[key] { return plan.pointer }
      // Arrays of the alignment that all transforms use; an estimate does not touch them.
      let real = AlignedBuffer<Scalar>(count: 16, repeating: 0)
      let spectrum = AlignedBuffer<Scalar>(count: 16, repeating: 0)
      guard
        let plan = Scalar.makePlan(
          isForward: direction == .forward, shape: shape.map(Int32.init), real: real.base,
          spectrum: spectrum.base)
      else { preconditionFailure("FFTW has no plan for \(shape)") }
      plans[key] = Plan(pointer: plan)
      return plan
    }
  }
}

/// The smallest even number from `count` on without prime factors above 7, for which FFTW has its
/// fastest algorithms.
func transformSize(atLeast count: Int) -> Int {
  var size = max(2, count + count % 2)
  while true {
    var rest = size
    for prime in [2, 3, 5, 7] {
      while rest % prime == 0 { rest /= prime }
    }
    if rest == 1 { return size }
    size += 2
  }
}
