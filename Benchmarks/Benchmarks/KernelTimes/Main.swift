import Foundation
import InfiniteWidth

/// The time of both kernels of a deep ReLU network among points, as a line of JSON for
/// Benchmarks/compare_kernels.py:  KernelTimes INPUTS POINTS DIMENSION DEPTH PRECISION RUNS
///
/// INPUTS has POINTS x DIMENSION numbers of 8 bytes. Times are from the inputs in double precision to both
/// matrices in memory.
@main struct KernelTimes {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let sizes = arguments.compactMap { Int($0) }
    guard arguments.count == 6, sizes.count == 4, let path = arguments.first else {
      FileHandle.standardError.write(
        Data("usage: KernelTimes INPUTS POINTS DIMENSION DEPTH single|double RUNS\n".utf8))
      exit(64)
    }
    let (points, dimension, depth, runs) = (sizes[0], sizes[1], sizes[2], sizes[3])
    let numbers = try Data(contentsOf: URL(fileURLWithPath: path)).withUnsafeBytes {
      Array($0.bindMemory(to: Double.self))
    }
    let inputs = Matrix(rows: points, columns: dimension, elements: numbers)
    let architecture = DeepArchitecture(
      activation: .relu, hiddenLayers: depth,
      baseWidths: Array(repeating: 512, count: depth), weightDeviation: 1.4142135623730951,
      biasDeviation: 0.1, parameterization: .standard)
    guard let kernels = DeepKernels(architecture, inputDimension: dimension) else { return }
    let results =
      arguments.contains("single")
      ? measure(Float.self, kernels, inputs, runs) : measure(Double.self, kernels, inputs, runs)
    let json = try JSONSerialization.data(withJSONObject: results, options: [.sortedKeys])
    print(String(decoding: json, as: UTF8.self))
  }

  private static func measure<Scalar: DeepKernelScalar>(
    _ precision: Scalar.Type, _ kernels: DeepKernels, _ inputs: Matrix<Double>, _ runs: Int
  ) -> [String: Any] {
    var best = (wall: Double.infinity, processor: 0.0)
    var corner: [[Double]] = []
    for _ in 0..<runs {
      let (wall, processor) = (ContinuousClock.now, clock())
      let points = DeepKernelPoints<Scalar>(inputs, kernels, workers: Workers())
      let matrices = kernels.matrices(points, workers: Workers())
      let seconds = (ContinuousClock.now - wall) / .seconds(1)
      if seconds < best.wall {
        best = (seconds, Double(clock() - processor) / Double(CLOCKS_PER_SEC))
      }
      corner = [matrices.nngp, matrices.tangent].map { matrix in
        (0..<4).flatMap { i in (0..<4).map { Double(matrix[i, $0]) } }
      }
    }
    return [
      "seconds": best.wall, "processors_used": best.processor / best.wall, "nngp": corner[0],
      "ntk": corner[1],
    ]
  }
}
