/// The largest of many errors and where it occurred, so that a test that fails says one thing.
public struct LargestError {
  public private(set) var value = 0.0
  public private(set) var place = "nowhere"

  public init() {}

  /// - Parameter error: NaN counts as infinite.
  public mutating func add(_ error: Double, _ place: @autoclosure () -> String) {
    let error = error.isNaN ? .infinity : error
    guard error > value else { return }
    value = error
    self.place = place()
  }
}
