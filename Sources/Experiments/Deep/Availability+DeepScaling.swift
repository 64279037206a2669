import Diagnostics
import Networks

extension Availability {
  /// Refuses keys of parameterizations where they would change something, and biases, of which the hidden layers
  /// of these scalings have none.
  static func check(_ configuration: ExperimentConfiguration, _ scaling: DeepScaling) throws {
    let subject = "\(scaling.hiddenLayers) hidden layers in the \(scaling.name.rawValue) scaling"
    func refuse(_ received: String, _ key: String, accepted: String) -> Diagnostic {
      Diagnostic(
        .badInput, "received \(received); accepted with \(subject): \(accepted)", key: key)
    }
    guard let network = configuration.network else { return }
    if network.parameterization != .ntk {
      throw refuse(
        network.parameterization.rawValue, "network.parameterization",
        accepted: "none; leave the key out, or give scaling: ntk")
    }
    if network.bias { throw refuse("true", "network.bias", accepted: "false") }
    if network.weightStandardDeviation != 1 {
      throw refuse(
        "\(network.weightStandardDeviation)", "network.weight_std",
        accepted: "1; use input_weight_std, hidden_weight_std and output_weight_std")
    }
    if network.widthScale != 1 {
      throw refuse("\(network.widthScale)", "network.width_scale", accepted: "1")
    }
  }
}
