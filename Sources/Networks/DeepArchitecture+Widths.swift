extension DeepArchitecture {
  /// The widths of the hidden layers of the network whose first one has `width` neurons: round(s N_l) with
  /// s = width / N_1, so that layers keep the ratios of the base widths; all equal where there are none.
  ///
  /// - Returns: one a hidden layer; 0 where a layer has less than half a neuron left, and there is no such
  ///   network.
  package func hiddenWidths(first width: Int) -> [Int] {
    guard let baseWidths else { return Array(repeating: width, count: hiddenLayers) }
    let scale = Double(width) / Double(baseWidths[0])
    return baseWidths.map { Int((scale * Double($0)).rounded()) }
  }

  /// The architecture whose kernels belong to finite networks of these hidden widths.
  ///
  /// In the NTK and the improved standard parameterization it is the architecture itself: limits do not
  /// depend on the width. The kernels of the naive standard parameterization grow with it, and are those of
  /// these widths.
  package func kernelArchitecture(hiddenWidths: [Int]) -> DeepArchitecture {
    guard parameterization == .naiveStandard else { return self }
    return DeepArchitecture(
      activation: activation, hiddenLayers: hiddenLayers, baseWidths: hiddenWidths,
      weightDeviation: weightDeviation, biasDeviation: biasDeviation,
      parameterization: .naiveStandard)
  }
}
