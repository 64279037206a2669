import LinearAlgebra

/// Points with one label each, as a file holds them: all labels at hand, features on demand.
///
/// Datasets are chosen by label first, so that only the chosen points are ever converted to
/// floating point.
package protocol LabelledPoints: Sendable {
  /// One label a point, in file order.
  var labels: [Double] { get }
  /// The number of features of every point, at least 1.
  var featureCount: Int { get }
  /// The features of the points `indices` (from 0, in file order), one point a row, in that order.
  ///
  /// Cost: O(`indices.count * featureCount`). Indices out of range are a programmer error.
  func features(of indices: [Int]) -> Matrix<Double>
}

extension LabelledPoints {
  /// The number of points.
  package var count: Int { labels.count }
}

/// 0/255 ... 255/255: pixels scaled to [0, 1].
let scaledPixels: [Double] = (0...255).map { Double($0) / 255 }
