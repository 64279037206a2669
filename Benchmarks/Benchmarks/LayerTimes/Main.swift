import Foundation
import InfiniteWidth
import StepMeasurement

/// The time of one RMSProp step in the limit of several hidden layers beside the SGEMM peak and the memory
/// of the whole process, as a line of JSON:  LayerTimes POINTS DIMENSION PARTICLES LAYERS
@main struct LayerTimes {
  static func main() throws {
    let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard sizes.count == 4 else {
      FileHandle.standardError.write(
        Data("usage: LayerTimes POINTS DIMENSION PARTICLES LAYERS\n".utf8))
      exit(64)
    }
    let size = LayeredStepSize(
      points: sizes[0], dimension: sizes[1], particles: sizes[2], hiddenLayers: sizes[3])
    let time = try size.measure()
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let results: [String: Double] = [
      "seconds": time.seconds,
      "operations": size.operations,
      "peak_operations_a_second": measurePeak(),
      "processors_used": time.processorsUsed,
      "memory_bytes": Double(usage.ru_maxrss) * 1024,
    ]
    let json = try JSONSerialization.data(withJSONObject: results, options: [.sortedKeys])
    print(String(decoding: json, as: UTF8.self))
  }
}
