import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

/// Puts the processes of step 0 into a simulation, in the place of its preactivations and signals.
struct LayeredStart<Scalar: ParticleScalar>: Sendable {
  let firstStep: any FirstStep
  let processes: InitialProcesses
  /// phi'(0) of differentiable activations; `nil` for positively homogeneous ones.
  private let slopeAtZero: Scalar?
  private let law: PointwiseLaw<Scalar>

  init(_ firstStep: any FirstStep, _ processes: InitialProcesses, activation: Activation) {
    self.firstStep = firstStep
    self.processes = processes
    slopeAtZero = activation.negativeSlope == nil ? Scalar(activation.derivative(0)) : nil
    law = PointwiseLaw(activation)
  }

  /// Values and signals of some rows of a layer; those of layer 1 have their preactivations already.
  ///
  /// - Parameters:
  ///   - rows: of the simulation.
  ///   - drawn: the same particles in the sample.
  ///   - gradients: of the loss, points x outputs.
  func fill(
    _ system: LayeredSystem<Scalar>, _ sample: LayeredSample, layer: Int, rows: Range<Int>,
    drawn: Range<Int>, gradients: UnsafePointer<Scalar>
  ) {
    let n = processes.points
    let isLast = layer == firstStep.hiddenLayers
    let first = rows.lowerBound * n
    let count = rows.count * n
    let z = system.preactivations[layer - 1].base + first
    let signals = system.signals[layer - 1].base + first
    if layer > 1, let process = processes.forward[layer] {
      let numbers = sample.realizations(
        DrawnProcess(process, .layeredForwardProcesses), layer: layer, rows: drawn,
        isGrouped: isLast)
      Scalar.round(numbers, count: count, to: z)
    }
    let hasSignals = isLast || processes.backward[layer] != nil
    if isLast {
      system.outputSignals(rows: rows, points: n, gradients: gradients)
    } else if let process = processes.backward[layer] {
      drawSignals(process, system, sample, layer, drawn, gradients, into: signals)
    }
    if layer > 1, let slope = slopeAtZero {
      for i in 0..<count {
        system.values[layer - 1].base[first + i] = slope * z[i]
        if hasSignals { signals[i] *= slope }
      }
      return
    }
    if layer > 1 {
      Scalar.values(law, z, count: count, into: system.values[layer - 1].base + first)
    }
    if hasSignals { system.mask(layer: layer, rows: rows, points: n) }
  }

  /// sum_c g_ic H_c, with a process of its own for each output.
  private func drawSignals(
    _ process: GaussianProcess, _ system: LayeredSystem<Scalar>, _ sample: LayeredSample,
    _ layer: Int, _ rows: Range<Int>, _ gradients: UnsafePointer<Scalar>,
    into signals: UnsafeMutablePointer<Scalar>
  ) {
    let n = processes.points
    let outputs = system.sizes.outputs
    var loss = [Double](repeating: 0, count: n * outputs)
    Scalar.widen(gradients, count: n * outputs, to: &loss)
    var sums = [Double](repeating: 0, count: rows.count * n)
    for output in 0..<outputs {
      let numbers = sample.realizations(
        DrawnProcess(process, .layeredBackwardProcesses, output: output), layer: layer,
        rows: rows, isGrouped: false)
      for r in 0..<rows.count {
        for i in 0..<n { sums[r * n + i] += loss[i * outputs + output] * numbers[r * n + i] }
      }
    }
    Scalar.round(sums, count: sums.count, to: signals)
  }
}

/// A process, and the numbers that its realizations are drawn from.
struct DrawnProcess {
  let process: GaussianProcess
  let stream: StreamIdentifier
  /// Of a network's outputs, the one whose gradients are drawn.
  let output: Int

  init(_ process: GaussianProcess, _ stream: StreamIdentifier, output: Int = 0) {
    self.process = process
    self.stream = stream
    self.output = output
  }
}
