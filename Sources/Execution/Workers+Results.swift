extension Workers {
  /// What `body` makes of every piece in `0 ..< pieces`, in their order, whichever thread makes it.
  package func results<Element: Sendable>(
    _ pieces: Int, _ body: @Sendable (_ piece: Int) -> Element
  ) -> [Element] {
    results(pieces) { piece, _ in body(piece) }
  }

  /// The same, with the number of the worker as in ``forEach(_:_:)``.
  package func results<Element: Sendable>(
    _ pieces: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Element
  ) -> [Element] {
    let box = ResultBox<Element>(pieces)
    forEach(pieces) { piece, worker in box.set(piece, body(piece, worker)) }
    return box.items
  }
}

/// Places for the results of numbered pieces of work, each written once, by any thread.
private final class ResultBox<Element: Sendable>: @unchecked Sendable {
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
