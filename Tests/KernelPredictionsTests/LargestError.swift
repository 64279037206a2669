/// The largest of many errors and where it occurred, so that a test that fails says one thing.
struct LargestError {
  private(set) var value = 0.0
  private(set) var place = "nowhere"

  /// - Parameter error: NaN counts as infinite.
  mutating func add(_ error: Double, _ place: @autoclosure () -> String) {
    let error = error.isNaN ? .infinity : error
    guard error > value else { return }
    value = error
    self.place = place()
  }
}
