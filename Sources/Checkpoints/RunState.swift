import Diagnostics
import LinearAlgebra

/// The state of a run, or a part of it, on its way into a checkpoint or out of one.
///
/// A solver names what it keeps in one function for both directions, which `exchange` carries out:
///
///     func exchange(_ state: RunState) throws {
///       try state.exchange("step", &step)
///       try state.exchange("weights", weights)  // an AlignedBuffer
///       try inner.exchange(state.part("inner"))
///     }
///
/// Arrays are taken back bit by bit.
public struct RunState {
  private let archive: any StateArchive
  private let prefix: String

  package init(_ archive: any StateArchive) { self.init(archive, prefix: "") }

  private init(_ archive: any StateArchive, prefix: String) {
    self.archive = archive
    self.prefix = prefix
  }

  /// Whether the state comes out of a checkpoint.
  package var isRestoring: Bool { archive.isRestoring }

  /// The names of one part begin with its own, so that parts may use the same names.
  package func part(_ name: String) -> RunState {
    RunState(archive, prefix: prefix + name + "/")
  }

  /// Memory of a fixed size.
  ///
  /// - Throws: where it cannot be written; `Diagnostic` where the checkpoint has another array.
  package func exchange<Number: StateNumber>(
    _ name: String, _ memory: UnsafeMutableBufferPointer<Number>
  ) throws {
    if isRestoring {
      try archive.restore(prefix + name, Number.stateElement, into: .init(memory))
    } else {
      try archive.save(prefix + name, Number.stateElement, .init(memory))
    }
  }

  /// A buffer of a fixed size.
  package func exchange<Number: StateNumber>(
    _ name: String, _ buffer: AlignedBuffer<Number>
  ) throws {
    try exchange(name, UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count))
  }

  /// This process's part of a buffer that is divided among processes.
  ///
  /// - Throws: as the others.
  package func exchange<Number: StateNumber>(
    _ name: String, _ buffer: AlignedBuffer<Number>, part: StatePart
  ) throws {
    let memory = UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count)
    if isRestoring {
      try archive.restore(prefix + name, Number.stateElement, into: .init(memory), part: part)
    } else {
      try archive.save(prefix + name, Number.stateElement, .init(memory), part: part)
    }
  }

  /// An array.
  ///
  /// - Parameter count: the numbers that it must have; `nil` for any.
  package func exchange<Number: StateNumber & AdditiveArithmetic>(
    _ name: String, _ values: inout [Number], count: Int? = nil
  ) throws {
    guard isRestoring else {
      // Read alone: an array that is shared is not copied.
      try values.withUnsafeBytes { try archive.save(prefix + name, Number.stateElement, $0) }
      return
    }
    let stored = try archive.count(of: prefix + name, Number.stateElement)
    if let count, count != stored { throw misfit(name, "\(stored) numbers, not \(count)") }
    values = Array(repeating: .zero, count: stored)
    try values.withUnsafeMutableBufferPointer { try exchange(name, $0) }
  }

  /// One number.
  package func exchange<Number: StateNumber & AdditiveArithmetic>(
    _ name: String, _ value: inout Number
  ) throws {
    var values = [value]
    try exchange(name, &values, count: 1)
    value = values[0]
  }

  /// A truth value, kept as 0 or 1.
  package func exchange(_ name: String, _ value: inout Bool) throws {
    var number = value ? 1 : 0
    try exchange(name, &number)
    value = number != 0
  }

  /// Truth values, as many as there are: a state of another number is a misfit.
  package func exchange(_ name: String, _ values: inout [Bool]) throws {
    var numbers = values.map { $0 ? 1 : 0 }
    try exchange(name, &numbers, count: values.count)
    values = numbers.map { $0 != 0 }
  }

  /// A text of any length, kept as UTF-8.
  package func exchange(_ name: String, _ text: inout String) throws {
    var bytes = Array(text.utf8)
    try exchange(name, &bytes)
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// Rows, of one length or several.
  ///
  /// - Parameter lengths: those that the rows must have; `nil` for any.
  package func exchange(
    _ name: String, _ rows: inout [[Double]], lengths expected: [Int]? = nil
  ) throws {
    var lengths = rows.map(\.count)
    var flat = isRestoring ? [] : rows.flatMap { $0 }
    try exchange(name + ".lengths", &lengths)
    if let expected, expected != lengths { throw misfit(name, "rows of other lengths") }
    try exchange(name, &flat)
    guard isRestoring else { return }
    guard let total = lengths.checkedSum, total == flat.count else {
      throw misfit(name, "\(flat.count) numbers, which are not those of its rows")
    }
    var first = 0
    rows = lengths.map { length in
      defer { first += length }
      return Array(flat[first..<(first + length)])
    }
  }

  /// Lists of rows, all lists shaped alike.
  package func exchange(
    _ name: String, _ lists: inout [[[Double]]], lengths: [Int]
  ) throws {
    var count = lists.count
    try exchange(name + ".count", &count)
    if isRestoring {
      guard (0...Self.largestList).contains(count) else { throw misfit(name, "\(count) lists") }
      lists = Array(repeating: [], count: count)
    }
    for index in 0..<count {
      try exchange("\(name).\(index)", &lists[index], lengths: lengths)
    }
  }

  /// Lists that solvers keep are short.
  private static let largestList = 1 << 10

  /// What is said of an array that does not fit.
  package func misfit(_ name: String, _ what: String) -> Diagnostic {
    Diagnostic(
      .badInput,
      "the checkpoint's array \(prefix + name) has \(what); accepted: a checkpoint of this run")
  }
}

extension [Int] {
  /// `nil` where an entry is negative, or where the sum is none.
  fileprivate var checkedSum: Int? {
    var total = 0
    for value in self {
      let (sum, overflows) = total.addingReportingOverflow(value)
      if overflows || value < 0 { return nil }
      total = sum
    }
    return total
  }
}
