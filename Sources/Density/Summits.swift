/// A local maximum of values on a grid.
struct Summit: Equatable {
  /// The grid point.
  var index: Int
  /// The highest value that every way to a higher summit has to go down to; 0 for the highest summit.
  var pass: Double
}

/// All local maxima of values that are not negative, with the passes between them: persistence in dimension
/// zero of the superlevel sets, by union-find (Edelsbrunner and Harer, *Computational Topology*, 2010,
/// section VII.1).
///
/// Grid points join from the highest down; each connects the components of its neighbours that are there
/// already, of which all but the one with the highest summit end. Of equal values the first in the order of
/// the grid counts as higher, so that a flat top has one summit with a prominence. Zeros connect nothing.
func summits(of heights: [Double], _ neighbourhood: GridNeighbourhood) -> [Summit] {
  let order = heights.indices.filter { heights[$0] > 0 }.sorted {
    heights[$0] > heights[$1] || heights[$0] == heights[$1] && $0 < $1
  }
  // Components as trees of grid points; the root is the summit, which joined before all others.
  var parents = [Int](repeating: -1, count: heights.count)
  var ranks = [Int](repeating: 0, count: heights.count)
  for (rank, index) in order.enumerated() { ranks[index] = rank }
  func root(_ index: Int) -> Int {
    var index = index
    while parents[index] != index {
      parents[index] = parents[parents[index]]
      index = parents[index]
    }
    return index
  }
  var summits: [Summit] = []
  for index in order {
    parents[index] = index
    var highest = index
    neighbourhood.forEachNeighbour(of: index) { neighbour in
      guard parents[neighbour] >= 0 else { return }
      let other = root(neighbour)
      guard other != highest else { return }
      let (elder, younger) =
        ranks[other] < ranks[highest] ? (other, highest) : (highest, other)
      parents[younger] = elder
      highest = elder
      // The point itself is no summit that ends.
      if younger != index { summits.append(Summit(index: younger, pass: heights[index])) }
    }
  }
  return summits + order.filter { parents[$0] == $0 }.map { Summit(index: $0, pass: 0) }
}

/// The grid points around one, diagonal ones included.
struct GridNeighbourhood {
  let shape: [Int]
  /// From one point to the next along each axis; the last axis is the fastest.
  let strides: [Int]
  /// To the neighbours of a point that is not on the edge.
  private let offsets: [Int]

  init(shape: [Int]) {
    self.shape = shape
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    self.strides = strides
    offsets = strides.reduce([0]) { offsets, stride in
      offsets.flatMap { [$0 - stride, $0, $0 + stride] }
    }.filter { $0 != 0 }
  }

  /// The place of a grid point along each axis.
  func places(_ index: Int) -> [Int] { shape.indices.map { index / strides[$0] % shape[$0] } }

  func forEachNeighbour(of index: Int, _ body: (Int) -> Void) {
    let isInside = shape.indices.allSatisfy { axis in
      (1..<(shape[axis] - 1)).contains(index / strides[axis] % shape[axis])
    }
    if isInside {
      for offset in offsets { body(index + offset) }
      return
    }
    visit(index, axis: 0, isSelf: true, body)
  }

  private func visit(_ index: Int, axis: Int, isSelf: Bool, _ body: (Int) -> Void) {
    guard axis < shape.count else {
      if !isSelf { body(index) }
      return
    }
    let place = index / strides[axis] % shape[axis]
    for step in -1...1 where (0..<shape[axis]).contains(place + step) {
      visit(
        index + step * strides[axis], axis: axis + 1, isSelf: isSelf && step == 0, body)
    }
  }
}
