import Foundation
import InfiniteWidth
import StepMeasurement

/// One step's time beside the SGEMM peak and the memory of the whole process, as a line of JSON for
/// Benchmarks/compare_steps.py:  StepTimes POINTS DIMENSION PARTICLES
@main struct StepTimes {
  static func main() throws {
    let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard sizes.count == 3 else {
      FileHandle.standardError.write(Data("usage: StepTimes POINTS DIMENSION PARTICLES\n".utf8))
      exit(64)
    }
    let size = StepSize(
      points: sizes[0], dimension: sizes[1], particles: sizes[2], representation: .preactivations)
    let activation = Activation.leakyReLU(slope: 0.1)
    let time = try size.measure(activation)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let results: [String: Double] = [
      "seconds": time.seconds,
      "operations": size.operations(activation),
      "peak_operations_a_second": measurePeak(),
      "processors_used": time.processorsUsed,
      "memory_bytes": Double(usage.ru_maxrss) * 1024,
    ]
    let json = try JSONSerialization.data(withJSONObject: results, options: [.sortedKeys])
    print(String(decoding: json, as: UTF8.self))
  }
}
