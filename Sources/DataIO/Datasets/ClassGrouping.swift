import Diagnostics
import Networks

/// Which class each label belongs to.
struct ClassGrouping {
  /// The labels of each class as in the data, joined by commas; one name for real targets.
  let names: [String]
  let task: LearningProblem.Task
  private let classOfLabel: [Double: Int]

  /// Every point belongs to the one class 0 and its target is its label.
  static let realTargets = ClassGrouping()

  private init() {
    names = ["all"]
    task = .regression
    classOfLabel = [:]
  }

  /// - Parameters:
  ///   - classes: the labels of each class, or `nil` for every label a class of its own.
  ///   - labels: the labels of all training points.
  ///   - file: the training file's name for errors.
  /// - Throws: `Diagnostic` unless there are two classes or more, without a label in common, whose
  ///   labels all occur.
  init(_ classes: [[Double]]?, labels: [Double], file: String) throws {
    let occurring = Set(labels).sorted()
    if classes == nil, let label = occurring.first(where: { $0 != $0.rounded() }) {
      throw Diagnostic(
        .badInput,
        "\(file) has the label \(labelText(label)); accepted: whole numbers, or classes that list "
          + "the labels of each class", key: "data.classes")
    }
    let groups = classes ?? occurring.map { [$0] }
    guard groups.count >= 2 else {
      let found = classes == nil ? "\(file) has" : "received"
      throw Diagnostic(
        .badInput,
        "\(found) \(counted(groups.count, "class")); accepted: two classes", key: "data.classes")
    }
    var classOfLabel: [Double: Int] = [:]
    for (number, group) in groups.enumerated() {
      guard !group.isEmpty else {
        throw Diagnostic(
          .badInput, "class \(number + 1) is empty; accepted: at least one label a class",
          key: "data.classes")
      }
      for label in group {
        guard classOfLabel.updateValue(number, forKey: label) == nil else {
          throw Diagnostic(
            .badInput,
            "received the label \(labelText(label)) twice; accepted: each label in one class, once",
            key: "data.classes")
        }
      }
    }
    let known = Set(occurring)
    if let absent = groups.joined().first(where: { !known.contains($0) }) {
      // Labels of image files are whole numbers: a feature stands where a label belongs.
      let hint =
        occurring.allSatisfy { $0 == $0.rounded() }
        ? "" : "; labels are the last column, which holds fractions here"
      throw Diagnostic(
        .badInput,
        "received the label \(labelText(absent)); accepted: the labels that occur in \(file), "
          + listing(occurring.map(labelText)) + hint, key: "data.classes")
    }
    self.classOfLabel = classOfLabel
    names = groups.map { $0.map(labelText).joined(separator: ",") }
    task = groups.count == 2 ? .binary(classNames: names) : .multiclass(classNames: names)
  }

  /// The class of a label, or `nil` for labels outside all classes.
  func classNumber(of label: Double) -> Int? {
    task == .regression ? 0 : classOfLabel[label]
  }

  /// What a network learns for a point of this label, which must belong to a class.
  func target(of label: Double) -> Double {
    guard task != .regression else { return label }
    guard let number = classOfLabel[label] else {
      preconditionFailure("points outside the classes are never chosen")
    }
    return names.count == 2 ? Double(2 * number - 1) : Double(number)
  }
}
