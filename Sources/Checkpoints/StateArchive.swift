/// Numbers that a state is made of.
public enum StateElement: UInt32, Sendable, CaseIterable {
  case byte = 1
  case integer, bits, single, double

  package var byteCount: Int {
    switch self {
    case .byte: 1
    case .single: 4
    case .integer, .bits, .double: 8
    }
  }
}

/// A type of number that states hold.
public protocol StateNumber: BitwiseCopyable {
  /// How archives name it.
  static var stateElement: StateElement { get }
}

extension UInt8: StateNumber {
  public static var stateElement: StateElement { .byte }
}
extension Int: StateNumber {
  public static var stateElement: StateElement { .integer }
}
extension UInt64: StateNumber {
  public static var stateElement: StateElement { .bits }
}
extension Float: StateNumber {
  public static var stateElement: StateElement { .single }
}
extension Double: StateNumber {
  public static var stateElement: StateElement { .double }
}

/// Where the state of a run is put, or where it is taken from: named arrays of numbers.
///
/// One object does one of the two, so that what a solver keeps is written once (``RunState``).
package protocol StateArchive: AnyObject {
  /// Whether the state is taken from here.
  var isRestoring: Bool { get }

  /// Puts an array; names are unique.
  ///
  /// - Throws: where it cannot be written.
  func save(_ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer) throws

  /// The number of elements of an array.
  ///
  /// - Throws: `Diagnostic` where there is no such array, or one of other elements.
  func count(of name: String, _ element: StateElement) throws -> Int

  /// Takes a whole array.
  ///
  /// - Throws: `Diagnostic` where there is no such array, one of other elements or of another length.
  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer) throws

  /// Puts this process's part of an array that is divided among processes, or the whole where it is alone.
  ///
  /// - Throws: as `save(_:_:_:)`.
  func save(
    _ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer, part: StatePart)
    throws

  /// Takes this process's part of such an array, whatever processes have put it.
  ///
  /// - Throws: as `restore(_:_:into:)`, with the numbers of the whole array as its length.
  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer,
    part: StatePart) throws
}

/// Archives of one process: parts are the whole.
extension StateArchive {
  package func save(
    _ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer, part: StatePart
  ) throws {
    precondition(bytes.count == part.total * element.byteCount, "one process has it all")
    try save(name, element, bytes)
  }

  package func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer,
    part: StatePart
  ) throws {
    precondition(bytes.count == part.total * element.byteCount, "one process has it all")
    try restore(name, element, into: bytes)
  }
}
