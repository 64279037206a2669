/// The explicit Runge-Kutta method of order 5 with an embedded one of order 4, seven stages, the last of
/// which is the first of the next step (J. R. Dormand, P. J. Prince, *A family of embedded Runge-Kutta
/// formulae*, J. Comput. Appl. Math. 6, 1980, 19-26; E. Hairer, S. P. Nørsett, G. Wanner, *Solving
/// Ordinary Differential Equations I*, 2nd edition 1993, table II.5.2).
package enum DormandPrince {
  /// k_0, ..., k_6
  package static let slopes = 7

  /// Row i: the factors of k_0, ..., k_{i-1} where slope i is taken, in step sizes. The last row is the
  /// solution of order 5.
  package static let stages: [[Double]] = [
    [],
    [1.0 / 5],
    [3.0 / 40, 9.0 / 40],
    [44.0 / 45, -56.0 / 15, 32.0 / 9],
    [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
    [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
    [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
  ]

  /// The solution of order 5.
  package static let solution = stages[6] + [0]

  /// The difference between the solutions of order 5 and 4.
  package static let error: [Double] = [
    71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
  ]

  /// The factors d_j of the continuous extension (the program DOPRI5 of Hairer, Nørsett and Wanner,
  /// appendix and section II.6).
  private static let extensionTerms: [Double] = [
    -12_715_105_075.0 / 11_282_082_432, 0, 87_487_479_700.0 / 32_700_410_799,
    -10_690_763_975.0 / 1_880_347_072,
    701_980_252_875.0 / 199_316_789_632, -1_453_857_185.0 / 822_651_844, 69_997_945.0 / 29_380_423,
  ]

  /// The factors of the slopes in the solution at a part of the step, of order 4 uniformly:
  ///
  ///     b_j(theta) = theta b_j + theta (1 - theta) (delta_j0 - b_j)
  ///                  + theta^2 (1 - theta) (2 b_j - delta_j0 - delta_j6) + theta^2 (1 - theta)^2 d_j
  ///
  /// the polynomial that agrees with y and its slopes at both ends of the step, plus a term of fourth
  /// degree that vanishes there to second order.
  package static func solution(at theta: Double) -> [Double] {
    let rest = 1 - theta
    return (0..<slopes).map { j in
      let b = solution[j]
      let first = j == 0 ? 1.0 : 0
      let last = j == slopes - 1 ? 1.0 : 0
      return theta
        * (b + rest * (first - b + theta * (2 * b - first - last + rest * extensionTerms[j])))
    }
  }

  /// Makes slopes 1 to 6 of a step of the given size, slope 0 being there: six evaluations.
  package static func evaluateStages(_ system: any IntegratedSystem, step: Double) {
    for (index, row) in stages.enumerated().dropFirst() {
      system.evaluateSlope(index, at: row.map { step * $0 })
    }
  }

  /// Goes to the end of a step whose slopes are there; the last slope becomes the first.
  package static func finishStep(_ system: any IntegratedSystem, step: Double) {
    system.move(by: solution.map { step * $0 })
    system.exchangeSlopes(0, slopes - 1)
  }
}
