/// How the width of a layer enters a deep network: as factors of the forward pass, of the law of the
/// initial parameters, or of both; gradients, and so tangent kernels, tell these apart.
///
/// A dense layer takes n inputs y to z. Weights and biases are trained with one learning rate.
public enum Parameterization: String, Sendable, CaseIterable {
  /// z = s_w W y / sqrt(n) + s_b b, all parameters N(0, 1) (Jacot, Gabriel, Hongler 2018, arXiv
  /// 1806.07572).
  case ntk
  /// The improved standard parameterization (Sohl-Dickstein, Novak, Schoenholz, Lee 2020, arXiv
  /// 2001.07301): n = s N inputs, z = W y / sqrt(s) + b, W ~ N(0, s_w^2 / N), b ~ N(0, s_b^2); the limit
  /// is s -> infinity with the base widths N fixed.
  case standard
  /// As practitioners write networks: z = W y + b, W ~ N(0, s_w^2 / n), b ~ N(0, s_b^2). The tangent
  /// kernel grows with n: there is no limit.
  case naiveStandard = "naive_standard"
}
