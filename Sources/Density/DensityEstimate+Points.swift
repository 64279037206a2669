/// Values between grid points.
extension DensityEstimate {
  /// The density at a position; 0 outside the grid.
  ///
  /// Between grid points the cubic through the nearest four values on each axis, whose error is of
  /// fourth order in the spacing (a lower polynomial where an axis has fewer); for a histogram the
  /// value of the cell. (A `FourierDensity` is exact between grid points.)
  public func value(at position: [Double]) -> Double {
    precondition(position.count == grid.dimensions)
    var stencils: [[(index: Int, weight: Double)]] = []
    for (axis, x) in zip(grid.axes, position) {
      let place = (x - axis.lower) / axis.spacing
      guard place >= (isHistogram ? -0.5 : 0), place <= Double(axis.count) - (isHistogram ? 0.5 : 1)
      else { return 0 }
      if isHistogram {
        stencils.append([(min(Int((place + 0.5).rounded(.down)), axis.count - 1), 1)])
      } else {
        stencils.append(axis.lagrangeWeights(at: place))
      }
    }
    var terms: [(index: Int, weight: Double)] = [(0, 1)]
    for (axis, stencil) in zip(grid.axes, stencils) {
      terms = terms.flatMap { term in
        stencil.map { (term.index * axis.count + $0.index, term.weight * $0.weight) }
      }
    }
    return max(0, terms.reduce(0) { $0 + $1.weight * Double(values[$1.index]) })
  }
}

extension DensityGrid.Axis {
  /// Weights of the values that a polynomial through them takes at `place`, counted in spacings.
  fileprivate func lagrangeWeights(at place: Double) -> [(index: Int, weight: Double)] {
    let width = min(4, count)
    let first = min(max(Int(place) - (width == 4 ? 1 : 0), 0), count - width)
    return (0..<width).map { k in
      var weight = 1.0
      for j in 0..<width where j != k {
        weight *= (place - Double(first + j)) / Double(k - j)
      }
      return (first + k, weight)
    }
  }
}
