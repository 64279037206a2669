import DataIO
import DeepKernels
import LinearAlgebra
import Networks

/// What a run of kernels gave, in short.
public struct KernelOutcome: Sendable {
  /// Of one kernel on the training points.
  public struct Statistics: Sendable {
    /// The mean of K(x, x) over training points.
    public let diagonalMean: Double
    /// NaN of one point.
    public let offDiagonalMean: Double
    /// `nil` where it was not asked for.
    public let spectrum: KernelSpectrum?
  }

  /// Both kernels, by the prefixes of their variables: nngp, ntk.
  public let kernels: [(name: String, statistics: Statistics)]
  /// `nil` with RMSProp.
  public let stableLearningRate: StableLearningRate?

  /// One row a kernel.
  public var table: ResultTable {
    var table = ResultTable(
      name: "kernels", labelColumn: "kernel",
      columns: [
        "diagonal_mean", "off_diagonal_mean", "minimum_eigenvalue", "maximum_eigenvalue",
        "relative_jitter", "largest_stable_learning_rate",
      ])
    for (name, statistics) in kernels {
      let spectrum = statistics.spectrum
      table.append(
        [
          statistics.diagonalMean, statistics.offDiagonalMean,
          spectrum?.minimumEigenvalue ?? .nan, spectrum?.maximumEigenvalue ?? .nan,
          spectrum.map { $0.relativeJitter ?? .infinity } ?? .nan,
          name == "ntk" ? stableLearningRate?.value ?? .nan : .nan,
        ], label: name)
    }
    return table
  }
}

/// Gathers a ``KernelOutcome`` from tiles, in their order.
struct KernelSummary {
  private let points: Int
  private let total: Double
  private var done = 0.0
  private var sums = [(diagonal: 0.0, all: 0.0), (diagonal: 0.0, all: 0.0)]
  /// Of absolute values of the tangent kernel, where its matrix is not kept.
  private var rowSums: [Double]
  /// Both kernels on the training points; empty where they are not kept.
  private var matrices: [Matrix<Double>]

  init(training: Int, test: Int, keepsMatrices: Bool) {
    points = training
    total = Double(training + test) * Double(training + test) - Double(training) * Double(test)
    matrices =
      keepsMatrices
      ? (0..<2).map { _ in Matrix(rows: training, columns: training, repeating: 0) } : []
    rowSums = keepsMatrices ? [] : Array(repeating: 0, count: training)
  }

  /// Of all elements, those that are there.
  var fraction: Double { done / total }

  mutating func add<Scalar: DeepKernelScalar>(_ tile: KernelTile<Scalar>, _ block: KernelBlock) {
    done += Double(tile.rows * tile.columns)
    guard block == .trainTrain else { return }
    if matrices.isEmpty {
      for i in 0..<tile.rows {
        let row = tile.tangent[(i * tile.columns)..<((i + 1) * tile.columns)]
        rowSums[tile.firstRow + i] += row.reduce(0) { $0 + Double(abs($1)) }
      }
    }
    for (kernel, elements) in [tile.nngp, tile.tangent].enumerated() {
      sums[kernel].all += Scalar.sum(elements)
      if tile.firstRow == tile.firstColumn {
        for i in 0..<tile.rows { sums[kernel].diagonal += Double(elements[i * tile.columns + i]) }
      }
      guard !matrices.isEmpty else { continue }
      for i in 0..<tile.rows {
        for j in 0..<tile.columns {
          matrices[kernel].elements[(tile.firstRow + i) * points + tile.firstColumn + j] =
            Double(elements[i * tile.columns + j])
        }
      }
    }
  }

  func outcome(loss: Loss, training: TrainingSection?) -> KernelOutcome {
    let n = Double(points)
    let spectra = matrices.map { KernelSpectrum($0) }
    let tangent = spectra.last ?? nil
    return KernelOutcome(
      kernels: ["nngp", "ntk"].enumerated().map { number, name in
        let sum = sums[number]
        return (
          name,
          KernelOutcome.Statistics(
            diagonalMean: sum.diagonal / n,
            offDiagonalMean: points > 1 ? (sum.all - sum.diagonal) / (n * (n - 1)) : .nan,
            spectrum: spectra.isEmpty ? nil : spectra[number])
        )
      },
      stableLearningRate: StableLearningRate(
        bound: tangent?.maximumEigenvalue ?? rowSums.max() ?? 0,
        tangent == nil ? .rowSums : .eigenvalue, trainingPoints: points, loss: loss,
        training: training))
  }
}
