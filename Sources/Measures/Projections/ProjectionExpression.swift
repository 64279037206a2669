import Diagnostics

/// What a law over particles (a, w) is projected on, by name: one to three axes, such as
/// `a,norm(w)`.
///
///     projection := axis {"," axis}
///     axis       := "a" | "a[c]" | "w[j]" | "norm(w)" | "dot(w, e)" | "angle(w, e)" | "z" l "[p]"
///     e          := "pca" k | "mean_difference" | "mean_difference[i,j]" | "file:" path
///
/// `z2[0]` is the preactivation of hidden layer 2 at test point 0. Indices count from 0, as in the arrays of the files;
/// principal components and hidden layers from 1. A path with
/// commas, parentheses or spaces is put in quotation marks.
public struct ProjectionExpression: Sendable, Hashable {
  /// One to three.
  public let axes: [AxisExpression]

  static let mostAxes = 3

  /// - Precondition: one to three different axes.
  public init(_ axes: [AxisExpression]) {
    precondition((1...Self.mostAxes).contains(axes.count) && Set(axes).count == axes.count)
    self.axes = axes
  }

  /// - Throws: `Diagnostic(.commandLine)` that says where, what was received and what is accepted.
  public init(parsing text: String) throws {
    var parser = ProjectionParser(text)
    self.init(try parser.projection())
  }

  /// In the form that ``init(parsing:)`` reads, with the spaces of this one.
  public var text: String { axes.map(\.text).joined(separator: ", ") }

  /// Letters, digits and underscores: a name for groups of files, figures and tables.
  public var identifier: String { axes.map(\.identifier).joined(separator: "__") }
}
