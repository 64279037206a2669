extension NetCDFWriter {
  /// Defines a variable of numbers in single precision (half the space) or in double precision.
  func defineVariable(
    _ name: String, isSinglePrecision: Bool, _ dimensions: [NetCDFDimension], longName: String,
    storage: NetCDFStorage, in group: NetCDFGroup? = nil
  ) throws -> NetCDFVariable {
    isSinglePrecision
      ? try defineVariable(
        name, Float.self, dimensions, longName: longName, storage: storage, in: group)
      : try defineVariable(
        name, Double.self, dimensions, longName: longName, storage: storage, in: group)
  }

  /// Defines a variable of weights at snapshots, which hardly compress.
  func defineWeights(
    _ name: String, isSinglePrecision: Bool, _ dimensions: [NetCDFDimension], longName: String,
    in group: NetCDFGroup
  ) throws -> NetCDFVariable {
    let variable = try defineVariable(
      name, isSinglePrecision: isSinglePrecision, dimensions, longName: longName,
      storage: .uncompressed, in: group)
    try nameSteps(of: variable)
    return variable
  }

  /// Makes `step` a coordinate of a variable over snapshots (CF, section 5): the way by which readers know
  /// that it labels them.
  func nameSteps(of variable: NetCDFVariable) throws {
    try setAttribute("coordinates", .text("step"), of: variable)
  }
}
