import Dynamics
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

/// The limit of a regime, put together from the library's parts.
struct LimitSolver {
  private let setting: ConvergenceSetting
  private let rule: TrainingRule
  private let settings: TrainingSettings
  /// `nil` where the measure moves.
  private let kernel: TangentKernelMatrices?

  init(_ regime: Regime, in setting: ConvergenceSetting) {
    self.setting = setting
    rule = TrainingRule(regime)
    settings = setting.settings(.meanFieldLimit(of: setting.reference))
    kernel = regime.gamma == 0 ? nil : Self.tangentKernel(setting)
  }

  /// - Parameter particles: of each realization, where the measure moves.
  func run(
    particles: Int, initialFunctions: (training: [[Double]], test: [[Double]])? = nil
  ) -> Trajectory {
    if let kernel {
      return KernelLimit(
        kernels: [kernel], settings: settings, rule: rule, initialFunctions: initialFunctions
      ).run()
    }
    return MeasureLimit(
      particles: particles, replicates: 1, law: setting.law, design: .antithetic, seed: 1,
      settings: settings,
      basis: InputBasis(
        settings.problem, architecture: settings.architecture, span: .everything),
      rule: rule, initialFunctions: initialFunctions
    ).run(in: Float.self, workers: setting.workers)
  }

  private static func tangentKernel(_ setting: ConvergenceSetting) -> TangentKernelMatrices {
    let kernels = InitialKernels(
      law: setting.law, architecture: setting.architecture, reference: setting.reference)
    func points(_ inputs: Matrix<Double>) -> KernelPoints {
      KernelPoints(inputs, architecture: setting.architecture)
    }
    let training = points(setting.problem.trainingInputs)
    let test = points(setting.problem.testInputs)
    return TangentKernelMatrices(
      trainingTraining: kernels.matrices(training, workers: setting.workers).tangent,
      trainingTest: kernels.matrices(training, test, workers: setting.workers).tangent,
      probeDiagonal: [])
  }
}
