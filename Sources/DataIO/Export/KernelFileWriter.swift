/// What KERNEL.nc is about, known before its numbers.
package struct KernelFileDescription: Sendable, Equatable {
  var metadata: FileMetadata
  /// One label a training point.
  var trainingLabels: [Double]
  /// One label a test point.
  var testLabels: [Double]
  /// Whether kernels are stored in single precision.
  var isSinglePrecision: Bool
  /// The side of the squares in which matrices are written.
  var tileSide: Int

  package init(
    metadata: FileMetadata, trainingLabels: [Double], testLabels: [Double],
    isSinglePrecision: Bool, tileSide: Int
  ) {
    self.metadata = metadata
    self.trainingLabels = trainingLabels
    self.testLabels = testLabels
    self.isSinglePrecision = isSinglePrecision
    self.tileSide = tileSide
  }
}

/// Writes KERNEL.nc: kernels of an infinitely wide network on training and test points.
///
/// Created when the run starts, so that a destination that cannot be written fails at once; matrices are
/// streamed square by square. Without ``finish()`` nothing is left behind.
package final class KernelFileWriter {
  private let file: NetCDFWriter
  private var variables: [String: NetCDFVariable] = [:]

  /// Creates the file.
  ///
  /// - Throws: as `NetCDFWriter/init(path:force:)`.
  package init(path: String, force: Bool, _ description: KernelFileDescription) throws {
    file = try NetCDFWriter(path: path, force: force)
    try file.writeMetadata(
      description.metadata, title: "Kernels of an infinitely wide neural network")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.kernel.rawValue))
    var dimensions: [String: NetCDFDimension] = [:]
    for (set, labels, points) in [
      ("train", description.trainingLabels, "training"), ("test", description.testLabels, "test"),
    ] {
      for name in [set, "other_\(set)"] {
        let dimension = try file.defineDimension(name, length: labels.count)
        try file.writeCoordinate(
          Array(labels.indices), dimension, longName: "number of the \(points) point, from 0")
        dimensions[name] = dimension
      }
      let label = try file.defineVariable(
        "\(set)_label", Double.self, [dimensions[set]!], longName: "label of the \(points) point")
      try file.write(labels, to: label)
    }
    for block in KernelBlock.allCases {
      for (name, what) in [
        (block.nngpName, "covariance of the network's function at initialization (NNGP)"),
        (block.tangentName, "tangent kernel at initialization, learning rate 1,"),
      ] {
        let shape = block.dimensions.map { dimensions[$0]! }
        let longName = "\(what) \(block.words)"
        // An empty dimension has no squares.
        let storage: NetCDFStorage =
          shape.contains { $0.length == 0 } ? .uncompressed : .tiles(side: description.tileSide)
        variables[name] = try file.defineVariable(
          name, isSinglePrecision: description.isSinglePrecision, shape, longName: longName,
          storage: storage)
      }
    }
  }

  /// Writes a rectangle of both kernels, `rows` x `columns` numbers each, row-major.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func write<Scalar: NetCDFElement & BinaryFloatingPoint>(
    _ block: KernelBlock, firstRow: Int, firstColumn: Int, rows: Int, columns: Int,
    nngp: [Scalar], tangent: [Scalar]
  ) throws {
    for (name, values) in [(block.nngpName, nngp), (block.tangentName, tangent)] {
      try file.write(
        values, to: variables[name]!, start: [firstRow, firstColumn], count: [rows, columns])
    }
  }

  /// Sets a global attribute that is known after the run only.
  package func setAttribute(_ name: String, _ value: AttributeValue) throws {
    try file.setAttribute(name, value)
  }

  /// Completes the file and moves it into place.
  package func finish() throws { try file.finish() }
}
