import Execution
import LinearAlgebra
import Networks

/// Orthonormal coordinates for the inputs of a problem, the directions in which particles can move
/// first.
///
/// Gradient descent, with or without momentum and batches, adds to the input weights w only
/// combinations of training inputs, and w acts through scalar products with inputs alone. In an
/// orthonormal basis of the span of the inputs, m <= min(n, D) coordinates of w carry everything, and
/// a Gaussian law of independent coordinates is the same law in the new ones (the same observation is
/// behind the representer theorem). The first coordinates are
/// the (uncentred) principal components of the training inputs in order of decreasing variance, so
/// that designs whose first coordinates are the best ones put them where they matter most.
///
/// Inputs are reproduced by their coordinates to `tolerance` of the largest singular value.
public struct InputBasis: Sendable {
  /// Training inputs in the basis (n x m).
  public let training: Matrix<Double>
  /// Test inputs in the basis (t x m), where it does not span them their projection.
  public let test: Matrix<Double>
  /// Length of what the basis leaves of each test input.
  public let testResiduals: [Double]
  /// The basis vectors, one a row (m x D); `nil` for the inputs' own coordinates.
  public let vectors: Matrix<Double>?
  let roundedVectors: BothPrecisions?
  /// D, the constant feature of a bias included.
  package let inputFeatures: Int
  /// Dimension of the span of the training inputs: the coordinates of w that move.
  public let movingCoordinates: Int

  /// Sum over the training inputs of each squared coordinate.
  package var trainingVariances: [Double] {
    (0..<coordinates).map { j in
      (0..<training.rows).reduce(0) { $0 + training[$1, j] * training[$1, j] }
    }
  }

  /// m
  public var coordinates: Int { training.columns }

  /// Directions of less than this part of the largest singular value are rounding errors.
  static let tolerance = 1e-12

  /// Which inputs the coordinates are to span.
  public enum Span: Sendable {
    /// The inputs' own coordinates, for step rules that go coordinate by coordinate.
    case everything
    /// Training and test inputs.
    case allInputs
    /// Training inputs; what is left of the test inputs is told by its length.
    case trainingInputs
  }

  /// - Cost: an eigenvalue problem of order min(n, D), 9 min(n, D)^3 operations at most, and products
  ///   of the inputs with the basis; the same bits for any number of threads.
  /// - Parameter spannedTestPoints: of the first test points, so many lie within the span in any case.
  public init(
    _ problem: LearningProblem, architecture: Architecture, span: Span, spannedTestPoints: Int = 0,
    workers: Workers = Workers(count: 1)
  ) {
    let training = architecture.features(of: problem.trainingInputs)
    let test = architecture.features(of: problem.testInputs)
    inputFeatures = training.columns
    guard span != .everything else {
      self.training = training
      self.test = test
      testResiduals = Array(repeating: 0, count: test.rows)
      vectors = nil
      roundedVectors = nil
      movingCoordinates = training.columns
      return
    }
    var basis = OrthonormalRows(columns: training.columns, workers: workers)
    basis.append(principalDirections(of: training, workers), tolerance: Self.tolerance)
    movingCoordinates = basis.count
    let spanned = span == .allInputs ? test.rows : spannedTestPoints
    if spanned > 0 {
      basis.append(
        Matrix(
          rows: spanned, columns: test.columns,
          elements: Array(test.elements.prefix(spanned * test.columns))),
        tolerance: Self.tolerance)
    }
    if basis.count == 0 {
      // Every input is zero: one coordinate of nothing keeps the shapes.
      var unit = Matrix<Double>(rows: 1, columns: training.columns, repeating: 0)
      unit.elements[0] = 1
      basis.append(unit, tolerance: 0)
    }
    let rows = basis.matrix
    vectors = rows
    roundedVectors = BothPrecisions(rows.elements)
    self.training = training.times(transposed: rows, workers: workers)
    self.test = test.times(transposed: rows, workers: workers)
    let projection = self.test.times(rows, workers: workers)
    testResiduals = (0..<test.rows).map { i in
      var square = 0.0
      var length = 0.0
      for (x, p) in zip(test.row(i), projection.row(i)) {
        square += (x - p) * (x - p)
        length += x * x
      }
      return square > Self.tolerance * Self.tolerance * length ? square.squareRoot() : 0
    }
  }
}

/// Directions that span the rows of a matrix, those of its largest singular values first: rows are
/// not of unit length and not exactly orthogonal.
private func principalDirections(
  of inputs: Matrix<Double>, _ workers: Workers
) -> Matrix<Double> {
  let (n, features) = (inputs.rows, inputs.columns)
  if n == 0 { return Matrix(rows: 0, columns: features, elements: []) }
  let isWide = features > n
  let square =
    isWide
    ? inputs.times(transposed: inputs, workers: workers)
    : inputs.transposed().times(inputs, workers: workers)
  guard let eigen = SymmetricEigen(square) else {
    preconditionFailure("the inputs of a learning problem are finite")
  }
  let order = square.rows
  var directions = Matrix(
    rows: order, columns: order,
    elements: (0..<order).reversed().flatMap { Array(eigen.vectors.row($0)) })
  if isWide { directions = directions.times(inputs, workers: workers) }
  guard !isWide else { return directions }
  // Right singular vectors are of unit length: scaled by |X v|, so that their length says how much
  // of the inputs they carry.
  let images = inputs.times(transposed: directions, workers: workers)
  for k in 0..<order {
    var norm = 0.0
    for i in 0..<n { norm += images[i, k] * images[i, k] }
    norm = norm.squareRoot()
    for j in 0..<features { directions.elements[k * features + j] *= norm }
  }
  return directions
}
