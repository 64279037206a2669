extension Ranks {
  /// The number that the first process has.
  package func agreed(_ number: Int) -> Int {
    var value = [number]
    value.withUnsafeMutableBufferPointer { broadcast($0) }
    return value[0]
  }

  /// The text that the first process has.
  package func agreed(_ text: String) -> String {
    if isAlone { return text }
    return String(decoding: agreed(Array(text.utf8)), as: UTF8.self)
  }

  /// The numbers that the first process has.
  package func agreed<Number: FixedWidthInteger & BitwiseCopyable>(_ numbers: [Number]) -> [Number]
  {
    if isAlone { return numbers }
    let count = agreed(numbers.count)
    var values = isFirst ? numbers : [Number](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { broadcast($0) }
    return values
  }

  /// The number of every process.
  package func all(_ number: Int) -> [Int] {
    var values = [Int](repeating: 0, count: count)
    values[rank] = number
    values.withUnsafeMutableBufferPointer { gather($0) { $0..<($0 + 1) } }
    return values
  }

  /// The text of the first process that has one.
  package func firstText(_ text: String?) -> String? {
    if isAlone { return text }
    guard let source = all(text == nil ? 0 : 1).firstIndex(of: 1) else { return nil }
    var bytes = Array((text ?? "").utf8)
    var length = [bytes.count]
    length.withUnsafeMutableBufferPointer { broadcast($0, from: source) }
    if rank != source { bytes = [UInt8](repeating: 0, count: length[0]) }
    bytes.withUnsafeMutableBufferPointer { broadcast($0, from: source) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
