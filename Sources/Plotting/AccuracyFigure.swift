import DataIO
import ParticleSystems

/// Training and test accuracy in per cent over training steps. `nil` where no accuracy is recorded.
func accuracyFigure(run: RunRecord?, nets: NetsRecord?, labels: FigureLabels) -> CurveFigure? {
  let training = stepCurves(run: run, nets: nets) { $0.trainingAccuracy.map { 100 * $0 } }
  let test = stepCurves(run: run, nets: nets) { $0.testAccuracy.map { 100 * $0 } }
  guard !(training + test).isEmpty else { return nil }
  return CurveFigure(
    name: "accuracy", title: labels.title,
    caption: "Share of the training points and of the test points that are classified rightly.",
    panels: [
      stepPanel(
        "(a) training points", "training accuracy (%)", training, run: run, nets: nets,
        isLinear: true),
      stepPanel(
        "(b) test points", "test accuracy (%)", test, run: run, nets: nets, isLinear: true),
    ], notes: stepNotes(run: run, nets: nets))
}
