import Checkpoints
import Diagnostics

/// A state in memory, which can be taken back any number of times.
public final class StateInMemory: StateArchive {
  public var isRestoring = false
  public private(set) var arrays: [String: (element: StateElement, bytes: [UInt8])] = [:]

  public init() {}

  public func save(
    _ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer
  ) throws {
    precondition(arrays[name] == nil, "\(name) is there twice")
    arrays[name] = (element, Array(bytes))
  }

  public func count(of name: String, _ element: StateElement) throws -> Int {
    try array(name, element).count / element.byteCount
  }

  public func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    let array = try array(name, element)
    guard array.count == bytes.count else {
      throw Diagnostic(.badInput, "\(name) has \(array.count) bytes, not \(bytes.count)")
    }
    bytes.copyBytes(from: array)
  }

  private func array(_ name: String, _ element: StateElement) throws -> [UInt8] {
    guard let array = arrays[name], array.element == element else {
      throw Diagnostic(.badInput, "there is no array \(name)")
    }
    return array.bytes
  }
}

/// The end of a run that is interrupted on purpose.
public struct Interrupted: Error {
  public init() {}
}

/// Runs something that is interrupted after the given step, and again from the state that it had then.
///
/// - Parameter run: called twice; `isSecond` the second time.
/// - Returns: the result of the second run; `nil` where the first one was never at the step.
public func resumed<Result>(
  afterStep step: Int,
  _ run: (_ atBoundary: @escaping BoundaryAction, _ isSecond: Bool) throws -> Result
) throws -> Result? {
  let memory = StateInMemory()
  do {
    _ = try run(
      { boundary, exchange in
        guard boundary == .step(step) else { return }
        try exchange(RunState(memory))
        throw Interrupted()
      }, false)
    return nil
  } catch is Interrupted {}
  memory.isRestoring = true
  return try run(
    { boundary, exchange in
      if boundary == .start { try exchange(RunState(memory)) }
    }, true)
}
