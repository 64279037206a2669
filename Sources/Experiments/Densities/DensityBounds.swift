import Diagnostics
import Foundation
import Measures

/// Bounds of grids that a user gave, beside the range that an axis has by nature.
enum DensityBounds {
  /// pi and its multiples are typed with a few digits: so much beyond the end of an angle is the end.
  static let slack = 0.01

  /// The request with its bounds cut to the ends of the axes.
  ///
  /// Kernels that are not reflected reach beyond the end of an axis, and may be looked at there.
  ///
  /// - Throws: `Diagnostic(.commandLine)` for bounds of what is no axis, and for those beyond the range of one.
  static func checked(
    _ request: DensityRequest, _ choice: ProjectionChoice
  ) throws -> DensityRequest {
    var request = request
    // In a fixed order, for errors that are the same each time.
    for (expression, range) in request.bounds.sorted(by: { $0.key.text < $1.key.text }) {
      guard let axis = choice.axes[expression] else {
        throw Diagnostic(
          .commandLine,
          "\(expression.text) is no axis of the projections; accepted:"
            + " \(wordList(choice.axes.keys.map(\.text).sorted()))", key: "--bounds")
      }
      let least = axis.bounds.lower ?? -.infinity
      let largest = axis.bounds.upper ?? .infinity
      let reaches = request.reflects || request.estimator == .histogram
      let lower = max(range.lowerBound, least)
      let upper =
        range.upperBound <= largest + slack ? min(range.upperBound, largest) : range.upperBound
      let isWithin = range.lowerBound >= least && upper <= largest && lower < upper
      guard isWithin || !reaches else {
        throw Diagnostic(
          .commandLine,
          "received \(expression.text)=\(number(range.lowerBound)):\(number(range.upperBound)); accepted:"
            + " \(text(axis))", key: "--bounds")
      }
      if isWithin { request.bounds[expression] = lower...upper }
    }
    return request
  }

  private static func text(_ axis: ProjectionAxis) -> String {
    axis.bounds.upper == nil
      ? "bounds from 0 on, a length is not negative"
      : "bounds from 0 to pi (3.1416), angles are in radian"
  }

  private static func number(_ value: Double) -> String { String(format: "%g", value) }
}
