/// The section `finite`: the finite networks that are trained.
public struct FiniteSection: Sendable, Equatable, Codable {
  /// The widths d, each at least 1 and listed once, in the order of the file; `nil`: none given,
  /// and training needs some.
  public var widths: [Int]?
  /// Networks of each width, at least 1. Default: 10.
  public var seeds: Int
  /// Whether networks of several hidden layers are trained beside their mirror images, which start with the opposite
  /// output weights. Default: false.
  public var mirror: Bool

  /// What is left out has the default of the configuration file.
  public init(widths: [Int]? = nil, seeds: Int = 10, mirror: Bool = false) {
    self.widths = widths
    self.seeds = seeds
    self.mirror = mirror
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case widths, seeds, mirror
  }
}

extension FiniteSection {
  init(_ value: ValueReader) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init()
    widths = try section[.widths].map { list in
      try list.nonEmptyList(of: "whole numbers").distinct("width") { try $0.count() }
    }
    seeds = try section[.seeds]?.count() ?? seeds
    mirror = try section[.mirror]?.boolean() ?? mirror
  }
}
