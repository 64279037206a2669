import Foundation

/// At most `most` of the widths, which are labels of several digits.
func widthTics(_ widths: [Double], most: Int = 6) -> [Double] {
  let every = (widths.count + most - 1) / most
  return widths.enumerated().filter { $0.offset % every == 0 }.map(\.element)
}

/// Multiples of 1, 2 or 5 times a power of ten, as many as fit into at most `most`.
func linearTics(_ range: ClosedRange<Double>, most: Int = 4) -> [Double] {
  precondition(most >= 2)
  let length = range.upperBound - range.lowerBound
  guard length > 0, length.isFinite else { return [range.lowerBound] }
  let power = pow(10, log10(length / Double(most)).rounded(.down))
  for multiple in [1, 2, 5, 10, 20, 50] {
    let step = Double(multiple) * power
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    if Int(last - first) < most {
      return first > last ? [] : (0...Int(last - first)).map { (first + Double($0)) * step }
    }
  }
  return []
}

/// 1, 2 and 5 times powers of ten on a logarithmic axis that has few of the powers themselves; tics as of a
/// linear axis on a very short one; none on a longer one, whose powers are enough.
func decimalTics(_ range: ClosedRange<Double>) -> [Double] {
  let ends = (log10(range.lowerBound), log10(range.upperBound))
  guard ends.1 - ends.0 < 2.3 else { return [] }
  let exponents = Int(ends.0.rounded(.down))...Int(ends.1.rounded(.up))
  let tics = exponents.flatMap { exponent in
    [1, 2, 5].map { Double($0) * pow(10, Double(exponent)) }
  }.filter { range.contains($0) }
  return tics.count > 2 ? tics : linearTics(range)
}
