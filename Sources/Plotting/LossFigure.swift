import DataIO
import ParticleSystems

/// Training and test loss over training steps: the mean over seeds (and its spread) a width, and the
/// limit. `nil` where neither file is given.
package func lossFigure(run: RunRecord?, nets: NetsRecord?, labels: FigureLabels) -> CurveFigure? {
  let training = stepCurves(run: run, nets: nets) { $0.trainingLoss }
  let test = stepCurves(run: run, nets: nets) { $0.testLoss }
  guard !(training + test).isEmpty else { return nil }
  return CurveFigure(
    name: "loss", title: labels.title,
    caption: "Mean loss over the training points and over the test points, over training.",
    panels: [
      stepPanel("(a) training points", labels.loss("training"), training, run: run, nets: nets),
      stepPanel("(b) test points", labels.loss("test"), test, run: run, nets: nets),
    ], notes: stepNotes(run: run, nets: nets))
}
