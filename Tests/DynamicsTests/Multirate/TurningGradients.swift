/// Loss gradients that turn and fade within a run, so that their steps do not commute.
func turningGradients(step: Int, of steps: Int, _ count: Int) -> [Double] {
  let time = Double(step) / Double(steps)
  return (0..<count).map { i in
    let phase = Double(i * i % 7) + 2 * time * Double(i % 3)
    return (1 - 0.5 * time) * (phase - 3) / Double(count) / 32
  }
}
