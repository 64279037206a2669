/// Values between grid points, and peaks.
extension DensityEstimate {
  /// The density at a position; 0 outside the grid.
  ///
  /// Between grid points the cubic through the nearest four values on each axis, whose error is of
  /// fourth order in the spacing (a lower polynomial where an axis has fewer); for a histogram the
  /// value of the cell. (A ``FourierDensity`` is exact between grid points.)
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

  /// A local maximum.
  public struct Mode: Sendable, Equatable {
    public var position: [Double]
    public var value: Double
  }

  /// Local maxima by height, the highest first, those below `threshold` times the peak left out.
  ///
  /// A maximum is a grid point higher than its neighbours, the diagonal ones included (of equal
  /// neighbours the last one counts), moved along each axis to the top of the parabola through it
  /// and its two neighbours: second order in the spacing. Grid points on the edge count without
  /// being moved.
  public func modes(threshold: Double = 1e-3) -> [Mode] {
    let heights = heights
    guard let peak = heights.max(), peak > 0 else { return [] }
    let shape = grid.shape
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    var modes: [Mode] = []
    for (index, height) in heights.enumerated() where height >= threshold * peak {
      let places = shape.indices.map { index / strides[$0] % shape[$0] }
      let steps = shape.indices.map { axis in
        (-1...1).filter { (0..<shape[axis]).contains(places[axis] + $0) }
      }
      var neighbours = [0]
      for axis in shape.indices {
        neighbours = neighbours.flatMap { offset in
          steps[axis].map { offset + $0 * strides[axis] }
        }
      }
      let isMaximum = neighbours.allSatisfy { offset in
        let other = heights[index + offset]
        return offset <= 0 ? offset == 0 || other <= height : other < height
      }
      guard isMaximum else { continue }
      var position: [Double] = []
      var value = height
      for axis in shape.indices {
        var x = grid.axes[axis].coordinate(places[axis])
        if steps[axis].count == 3 {
          let left = heights[index - strides[axis]]
          let right = heights[index + strides[axis]]
          let curvature = left - 2 * height + right
          if curvature < 0 {
            let shift = (left - right) / (2 * curvature)
            x += shift * grid.axes[axis].spacing
            value -= (left - right) * (left - right) / (8 * curvature)
          }
        }
        position.append(x)
      }
      modes.append(Mode(position: position, value: value))
    }
    return modes.sorted { $0.value > $1.value }
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
