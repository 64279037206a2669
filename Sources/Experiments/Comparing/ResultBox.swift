/// Places for the results of numbered pieces of work, each written once, by any thread.
final class ResultBox<Element: Sendable>: @unchecked Sendable {
  private let places: UnsafeMutableBufferPointer<Element?>

  init(_ count: Int) {
    places = .allocate(capacity: count)
    places.initialize(repeating: nil)
  }

  deinit {
    places.deinitialize()
    places.deallocate()
  }

  func set(_ place: Int, _ element: Element) { places[place] = element }

  /// All results, in order.
  var items: [Element] { places.map { $0! } }
}
