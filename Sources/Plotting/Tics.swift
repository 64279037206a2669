import Foundation

/// At most `most` of the widths, which are labels of several digits.
func widthTics(_ widths: [Double], most: Int = 6) -> [Double] {
  let every = (widths.count + most - 1) / most
  return widths.enumerated().filter { $0.offset % every == 0 }.map(\.element)
}

/// 1, 2 and 5 times powers of ten on a logarithmic axis that has few of the powers themselves, on a very
/// short one all whole multiples; none on a longer one, whose powers are enough.
func decimalTics(_ range: ClosedRange<Double>) -> [Double] {
  let decades = log10(range.upperBound / range.lowerBound)
  guard decades < 2 else { return [] }
  let exponents =
    Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
  func tics(_ multiples: [Int]) -> [Double] {
    exponents.flatMap { exponent in
      multiples.map { Double($0) * pow(10, Double(exponent)) }
    }.filter { range.contains($0) }
  }
  let few = tics([1, 2, 5])
  return few.count > 1 ? few : tics(Array(1...9))
}
