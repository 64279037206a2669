import Networks

extension DeepArchitecture {
  /// The layers of a finite network, from the data to the readout (Sohl-Dickstein et al. 2020, arXiv
  /// 2001.07301), all trained with one learning rate in the network's own parameterization.
  ///
  /// A layer of n inputs, of base width N (n = N = D in the first layer), has
  ///
  /// - NTK: weightFactor s_w / sqrt(n), biasFactor s_b, all parameters N(0, 1);
  /// - improved standard: weightFactor 1/sqrt(s), s = n / N, W ~ N(0, s_w^2 / N), b ~ N(0, s_b^2);
  /// - naive standard: no factors, W ~ N(0, s_w^2 / n), b ~ N(0, s_b^2).
  ///
  /// With s the quotient of the numbers that there are, the sum over the n inputs has exactly the variance s_w^2 and
  /// the gradient exactly the factor N of the limit, whatever rounding made of the widths.
  ///
  /// - Parameter hiddenWidths: as `hiddenWidths(first:)` has them, all positive.
  public func layers(
    hiddenWidths: [Int], inputDimension: Int, outputs: Int, learningRate: Double,
    optimizer: Optimizer
  ) -> [DenseLayer] {
    precondition(hiddenWidths.count == hiddenLayers && hiddenWidths.allSatisfy { $0 > 0 })
    let widths = [inputDimension] + hiddenWidths + [outputs]
    return (0...hiddenLayers).map { number in
      let n = Double(widths[number])
      var (weightFactor, biasFactor) = (1.0, 1.0)
      var (deviation, bias) = (weightDeviation / n.squareRoot(), biasDeviation)
      switch parameterization {
      case .ntk:
        (weightFactor, biasFactor) = (deviation, bias ?? 0)
        (deviation, bias) = (1, bias.map { _ in 1 })
      case .standard:
        let base = number == 0 ? n : Double(baseWidths![number - 1])
        weightFactor = (base / n).squareRoot()
        deviation = weightDeviation / base.squareRoot()
      case .naiveStandard: break
      }
      return DenseLayer(
        inputs: widths[number], outputs: widths[number + 1], weightFactor: weightFactor,
        biasFactor: biasFactor, weightDeviation: deviation, biasDeviation: bias,
        learningRate: learningRate, optimizer: optimizer)
    }
  }
}
