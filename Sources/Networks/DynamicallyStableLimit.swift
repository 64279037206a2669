/// The thirteen limits that dynamically stable scalings have (Golikov 2020, arXiv 2006.06574), named
/// by their place in the plane of (q_sigma, q_eta). Raw values are the names in files and JSON.
///
/// A limit is fixed by three facts: where gamma lies in the stable band [-1/2, 0], what the initial
/// logits d^alpha do, and what the increments d^beta do. The sign of alpha + 1/2, which tells MF from
/// its neighbours, is that of beta on the line gamma = 0, the only place where it matters.
public enum DynamicallyStableLimit: String, Sendable, CaseIterable {
  case beyondMeanField = "beyond_mean_field"
  case meanField = "mean_field"
  case betweenMeanFieldAndSymmetricDefault = "between_mean_field_and_sym_default"
  case symmetricDefault = "sym_default"
  case beyondSymmetricDefault = "beyond_sym_default"
  case interiorVanishing = "interior_vanishing"
  case intermediate
  case triangleInterior = "triangle_interior"
  case ntkToSymmetricDefaultLine = "ntk_sym_default_line"
  case interiorDiverging = "interior_diverging"
  case beyondNTKVanishing = "beyond_ntk_vanishing"
  case ntk
  case beyondNTKDiverging = "beyond_ntk_diverging"

  /// Where gamma lies in the stable band.
  enum Band: Sendable, Equatable {
    /// gamma = 0: the measure moves.
    case upperEdge
    /// -1/2 < gamma < 0: increments of the logits outgrow the initial logits.
    case interior
    /// gamma = -1/2: they are comparable.
    case lowerEdge
  }

  /// One row of the table of limits.
  struct Row: Sendable {
    let limit: DynamicallyStableLimit
    let band: Band
    /// What d^alpha does.
    let initialLogits: PowerOfWidth
    /// What d^beta does.
    let increments: PowerOfWidth
    let title: String
    let summary: String

    init(
      _ limit: DynamicallyStableLimit, _ band: Band, _ initialLogits: PowerOfWidth,
      _ increments: PowerOfWidth, _ title: String, _ summary: String
    ) {
      self.limit = limit
      self.band = band
      self.initialLogits = initialLogits
      self.increments = increments
      self.title = title
      self.summary = summary
    }
  }

  static let table: [Row] = [
    Row(
      .beyondMeanField, .upperEdge, .vanishes, .vanishes, "beyond MF",
      "The law of the weights moves, driven by the loss gradient at zero logits at every step."),
    Row(
      .meanField, .upperEdge, .vanishes, .staysFinite, "MF",
      "The law of the weights moves, driven by the finite logits that it makes, zero at first."),
    Row(
      .betweenMeanFieldAndSymmetricDefault, .upperEdge, .vanishes, .diverges,
      "between MF and sym-default",
      "The law of the weights moves, driven from step 1 on by the signs of diverging logits."),
    Row(
      .symmetricDefault, .upperEdge, .staysFinite, .diverges, "sym-default",
      "The law of the weights moves, driven at step 0 by a Gaussian process, then by the signs of"
        + " diverging logits."),
    Row(
      .beyondSymmetricDefault, .upperEdge, .diverges, .diverges, "beyond sym-default",
      "The law of the weights moves, driven by the signs of diverging logits, at step 0 of a"
        + " Gaussian process."),
    Row(
      .interiorVanishing, .interior, .vanishes, .vanishes, "interior, vanishing",
      "The tangent kernel is constant; it acts on the loss gradient at zero logits at every step."),
    Row(
      .intermediate, .interior, .vanishes, .staysFinite, "intermediate",
      "The tangent kernel is constant; it acts on the loss gradient at finite logits, zero at first."
    ),
    Row(
      .triangleInterior, .interior, .vanishes, .diverges, "interior of the triangle",
      "The tangent kernel is constant; it acts from step 1 on on the loss gradient at the signs of"
        + " diverging logits."),
    Row(
      .ntkToSymmetricDefaultLine, .interior, .staysFinite, .diverges, "NTK-sym-default line",
      "The tangent kernel is constant; it acts on the loss gradient at a Gaussian process at step 0,"
        + " then at the signs of diverging logits."),
    Row(
      .interiorDiverging, .interior, .diverges, .diverges, "interior, diverging",
      "The tangent kernel is constant; it acts on the loss gradient at the signs of diverging logits,"
        + " at step 0 of a Gaussian process, which is negligible from step 1 on."),
    Row(
      .beyondNTKVanishing, .lowerEdge, .vanishes, .vanishes, "beyond NTK, vanishing",
      "The tangent kernel is constant; it acts on the loss gradient at zero logits at every step, and"
        + " the rescaled logits start from a Gaussian process."),
    Row(
      .ntk, .lowerEdge, .staysFinite, .staysFinite, "NTK",
      "The tangent kernel is constant; it acts on the loss gradient at finite logits, which start from"
        + " a Gaussian process."),
    Row(
      .beyondNTKDiverging, .lowerEdge, .diverges, .diverges, "beyond NTK, diverging",
      "The tangent kernel is constant; it acts on the loss gradient at the signs of diverging logits,"
        + " which start from a Gaussian process."),
  ]

  /// The limit of a dynamically stable scaling.
  ///
  /// - Precondition: the three facts belong to one scaling: beta = alpha + 1/2 + gamma.
  init(band: Band, initialLogits: PowerOfWidth, increments: PowerOfWidth) {
    let row = Self.table.first {
      $0.band == band && $0.initialLogits == initialLogits && $0.increments == increments
    }
    guard let row else {
      preconditionFailure("no scaling has \(band), \(initialLogits), \(increments)")
    }
    self = row.limit
  }

  private var row: Row {
    guard let row = Self.table.first(where: { $0.limit == self }) else {
      preconditionFailure("\(self) is missing in the table")
    }
    return row
  }

  /// The name for people, such as "between MF and sym-default".
  public var title: String { row.title }

  /// One sentence that says what the limit is.
  public var summary: String { row.summary }
}
