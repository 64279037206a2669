import InfiniteWidth

/// What goes wrong with the content of a file of results: parts that are missing or named otherwise, other
/// shapes, other types, numbers and texts that the program would not write.
enum TreeMutation {
  static func mutate(_ tree: inout FileTree, _ source: inout MutationSource) {
    for _ in 0...source.index(2) {
      // Groups are changed as often as the root, each by its share.
      change(&tree, source.index(1 + tree.groups.count), &source)
    }
  }

  private static func change(_ tree: inout FileTree, _ place: Int, _ source: inout MutationSource) {
    guard place > 0 else { return change(&tree, &source) }
    if source.index(12) == 0 {
      if source.index(2) == 0 {
        tree.groups.remove(at: place - 1)
      } else {
        tree.groups[place - 1].name = source.choose(groupNames)
      }
      return
    }
    let inner = source.index(1 + tree.groups[place - 1].groups.count)
    change(&tree.groups[place - 1], inner, &source)
  }

  private static func change(_ tree: inout FileTree, _ source: inout MutationSource) {
    switch source.index(12) {
    case 0: removeVariable(&tree, &source)
    case 1: changeLength(&tree, &source)
    case 2, 3: changeAttribute(&tree.attributes, &source)
    case 4: changeShape(&tree, &source)
    case 5: changeType(&tree, &source)
    case 6:
      guard !tree.variables.isEmpty else { return }
      changeAttribute(&tree.variables[source.index(tree.variables.count)].attributes, &source)
    case 7: shadowDimension(&tree, &source)
    default: changeValues(&tree, &source)
    }
  }

  private static func removeVariable(_ tree: inout FileTree, _ source: inout MutationSource) {
    guard !tree.variables.isEmpty else { return }
    tree.variables.remove(at: source.index(tree.variables.count))
  }

  private static func changeLength(_ tree: inout FileTree, _ source: inout MutationSource) {
    guard !tree.dimensions.isEmpty else { return }
    let place = source.index(tree.dimensions.count)
    let length = tree.dimensions[place].length
    tree.dimensions[place].length =
      source.choose([0, 1, 2, 3, length + 1, length * 2, max(0, length - 1), 1000, 1 << 40])
  }

  private static func changeAttribute(
    _ attributes: inout [String: AttributeValue], _ source: inout MutationSource
  ) {
    // In a fixed order: that of dictionaries differs from run to run.
    let names = attributes.keys.sorted()
    guard !names.isEmpty else { return }
    let name = source.choose(names)
    switch source.index(5) {
    case 0: attributes[name] = nil
    case 1: attributes[name] = .double(source.choose(numbers))
    case 2: attributes[name] = .int(source.choose([0, -1, 1, 3, 1 << 40, .max, .min]))
    default: attributes[name] = .text(source.choose(texts))
    }
  }

  /// Other dimensions of a variable: fewer, one more, in another order, or one replaced.
  private static func changeShape(_ tree: inout FileTree, _ source: inout MutationSource) {
    guard !tree.variables.isEmpty, !tree.dimensions.isEmpty else { return }
    let place = source.index(tree.variables.count)
    var names = tree.variables[place].dimensions
    let other = source.choose(tree.dimensions).name
    switch source.index(4) {
    case 0: if !names.isEmpty { names.removeLast() }
    case 1: names.append(other)
    case 2: names.reverse()
    default: if !names.isEmpty { names[source.index(names.count)] = other }
    }
    tree.variables[place].dimensions = names
  }

  private static func changeType(_ tree: inout FileTree, _ source: inout MutationSource) {
    guard !tree.variables.isEmpty else { return }
    let place = source.index(tree.variables.count)
    switch tree.variables[place].values {
    case .texts(let values): tree.variables[place].values = .numbers(values.map { _ in 1 })
    case .numbers:
      if tree.variables[place].dimensions.count == 1, source.index(2) == 0 {
        tree.variables[place].values = .texts(texts)
      } else {
        tree.variables[place].isWhole.toggle()
      }
    }
  }

  /// A dimension of the group that has the name of one further out, with another length.
  private static func shadowDimension(_ tree: inout FileTree, _ source: inout MutationSource) {
    let name = source.choose(["step", "snapshot", "particle", "output", "feature", "width", "axis"])
    guard !tree.dimensions.contains(where: { $0.name == name }) else { return }
    tree.dimensions.append((name, source.choose([0, 1, 5])))
  }

  private static func changeValues(_ tree: inout FileTree, _ source: inout MutationSource) {
    guard !tree.variables.isEmpty else { return }
    let place = source.index(tree.variables.count)
    let isAll = source.index(3) == 0
    switch tree.variables[place].values {
    case .numbers(var values) where !values.isEmpty:
      let value = source.choose(numbers + values.prefix(3))
      if isAll {
        values = values.map { _ in value }
      } else {
        values[source.index(values.count)] = value
      }
      tree.variables[place].values = .numbers(values)
    case .texts(var values) where !values.isEmpty:
      values[source.index(values.count)] = source.choose(texts + values)
      tree.variables[place].values = .texts(values)
    default: break
    }
  }

  static let numbers: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, -1, 1, 0.5, 2, 7, 1e9, 1e15, 0x1p53, 1e19, 1e30, -1e30,
    1e300, -1e300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 9.2233720368547758e18,
    .init(Int.min),
  ]

  static let texts = [
    "", " ", "\n", "a\nb", "x\r\nprint 1\r\n", "'", "'\u{301}", "\u{0}", "\u{1B}[2J", "%s%n",
    "<script>",
    "é日本\u{202E}", "\\", "`ls`", "run", "nets", "density", "comparison", "0", "-1", "NaN", "a",
    "a, norm(w)", "norm(w)", "dot(w, x)", "histogram", "mean_field", "-0.75,0.5", "ntk", "1e999",
    "data: {format: csv}", "data: [", String(repeating: "x", count: 5000),
  ]

  private static let groupNames = [
    "width_8", "width_+8", "width_08", "width_-1", "width_99999999999999999999", "measure", "a",
    "nets", "directions", "ntk",
  ]
}
