import DataIO
import Diagnostics
import Experiments
import ParticleSystems
import Plotting

/// One file of a page: what it holds, and what it says of its origin.
struct ReportSource {
  enum Content {
    case run(RunRecord)
    case nets(NetsRecord)
    case density(DensityRecord)
    case comparison(ComparisonRecord)
    case prediction(PredictionRecord)
    case study(StudyRecord)
  }

  /// As the user named it.
  let path: String
  let content: Content
  let configText: String
  /// Date and command line.
  let history: String
  /// Program and version.
  let program: String
  private let texts: [String: String]
  private let numbers: [String: Double]

  /// - Throws: `Diagnostic` as the readers of the files.
  init(_ path: String) throws {
    self.path = path
    content =
      switch try recordKind(of: path) {
      case .run: .run(try RunRecord.read(path, parts: .testLogits))
      case .nets: .nets(try NetsRecord.read(path, parts: .testLogits))
      case .density: .density(try DensityRecord.read(path))
      case .comparison: .comparison(try ComparisonRecord.read(path))
      case .prediction: .prediction(try PredictionRecord.read(path))
      case .study: .study(try StudyFile.read(path))
      case .kernel: throw kernelsWithoutFigures(path)
      }
    let file = try NetCDFReader(path: path)
    configText = try file.text("config") ?? ""
    history = try file.text("history") ?? ""
    program = try file.text("source") ?? ""
    var texts: [String: String] = [:]
    var numbers: [String: Double] = [:]
    for name in Self.textAttributes { texts[name] = try file.text(name) }
    for name in Self.numberAttributes { numbers[name] = try file.number(name) }
    self.texts = texts
    self.numbers = numbers
  }

  private static let textAttributes = [
    "comment", "compared_with", "design", "driven_by", "dynamics", "experiment", "limit", "loss",
    "multirate", "multirate_off_because", "nets", "particles_of_simulations", "precision", "rank",
    "representation", "run", "scaling", DataFingerprint.trainingAttribute,
  ]
  private static let numberAttributes = [
    "driving_gap", "integrator_steps_accepted", "integrator_steps_rejected",
    "integrator_tolerance", "multirate_blocks", "multirate_correction",
    "largest_stable_learning_rate", "learning_rate", "multirate_fast_coordinates",
    "multirate_longest_block", "multirate_small_particles", "nngp_directions_left_out",
    "nngp_minimum_eigenvalue", "nngp_target_share_left_out", "ntk_directions_left_out",
    "ntk_minimum_eigenvalue", "ntk_target_share_left_out",
    "particles", "rank", "realizations", "reference_width", "replicates", "seed", "tolerance",
    "tolerance_reached",
  ]

  /// A global attribute; `nil` where the file has none.
  func text(_ attribute: String) -> String? { texts[attribute] }
  func number(_ attribute: String) -> Double? { numbers[attribute] }
  func whole(_ attribute: String) -> Int? { numbers[attribute].flatMap(Int.init(exactly:)) }

  /// The date of the run, the first word of the attribute `history`; "" where that is no date.
  var date: String {
    guard let word = history.split(whereSeparator: \.isWhitespace).first,
      word.count >= 10, word.prefix(4).allSatisfy(\.isNumber), word.dropFirst(4).first == "-"
    else { return "" }
    return String(word)
  }

  /// Of the training data; `nil` where the file does not say.
  var fingerprint: String? { text(DataFingerprint.trainingAttribute) }

  /// What it is, in a word or two.
  var kind: String {
    switch content {
    case .run: "limit"
    case .nets: "networks"
    case .density: "densities"
    case .comparison: "comparison"
    case .prediction: "predictions"
    case .study: "study"
    }
  }

  /// The file's name, for people.
  var name: Markup { element("code", [:], Markup(path)) }
}

extension ReportSource {
  var run: RunRecord? { if case .run(let record) = content { record } else { nil } }
  var nets: NetsRecord? { if case .nets(let record) = content { record } else { nil } }
  var density: DensityRecord? { if case .density(let record) = content { record } else { nil } }
  var comparison: ComparisonRecord? {
    if case .comparison(let record) = content { record } else { nil }
  }

  var prediction: PredictionRecord? {
    if case .prediction(let record) = content { record } else { nil }
  }

  var study: StudyRecord? { if case .study(let record) = content { record } else { nil } }

  /// The limit it is about, or that of its scaling; `nil` where it is about several.
  var limit: LimitDescription? {
    run?.limit ?? nets?.limit
      ?? (comparison?.scalings.count == 1 ? comparison?.scalings[0].limit : nil)
  }
}
