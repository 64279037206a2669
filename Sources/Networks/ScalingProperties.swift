/// The four properties of finite networks that a limit may keep (Golikov 2020, arXiv 2006.06574). No
/// scaling keeps all of them; initialization-corrected mean field does.
public struct ScalingProperties: Sendable, Equatable {
  /// (1) Initial logits are finite and not zero: alpha = 0.
  public let initialLogitsAreFinite: Bool
  /// (2) The tangent kernel is finite and not zero at initialization: beta = 0.
  public let kernelIsFinite: Bool
  /// (3) Initial logits and tangent kernel are of one order: gamma = -1/2.
  public let logitsAndKernelAreOfOneOrder: Bool
  /// (4) The tangent kernel evolves by a finite factor: gamma = 0.
  public let kernelEvolves: Bool
}
