/// Numbers at a fixed address, aligned to cache lines, owned by one object: storage that several
/// threads fill in disjoint parts, which Swift's arrays do not allow.
///
/// Safety: whoever hands parts to threads keeps them disjoint; the buffer itself does not check.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Elements.
  public let count: Int
  /// The address of the first element, which stays while the buffer lives.
  public let base: UnsafeMutablePointer<Element>

  /// `count` elements, all equal to `value`.
  public init(count: Int, repeating value: Element) {
    precondition(count >= 0)
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    // Generic code that is not specialized writes element by element; zeros, the usual case, are
    // bytes.
    if withUnsafeBytes(of: value, { $0.allSatisfy { $0 == 0 } }) {
      raw.initializeMemory(
        as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
      _ = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    } else {
      base.initialize(repeating: value, count: count)
    }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// All elements, valid while the buffer lives and nobody writes.
  public var contents: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }
}
