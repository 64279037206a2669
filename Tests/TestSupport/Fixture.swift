public import Foundation

/// A file of the folder `Fixtures` of a test target, each made by a script beside it; its keys are in snake case.
///
/// - Parameters:
///   - name: without the ending, .json.
///   - bundle: of the target.
public func fixture<Content: Decodable>(
  _ name: String, as type: Content.Type, in bundle: Bundle
) throws -> Content {
  let url = bundle.bundleURL.appendingPathComponent("Fixtures/\(name).json")
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(Content.self, from: Data(contentsOf: url))
}
