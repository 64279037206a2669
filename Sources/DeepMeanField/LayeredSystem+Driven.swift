import LinearAlgebra
import ParticleSystems

extension LayeredSystem {
  /// Other particles in the place of one layer of a simulation, which see its other layers and do not act on them.
  ///
  /// They have weights of their own to and from the layers beside theirs, zero at first. Everything else is that of
  /// the simulation, memory included: only passes of this layer and updates of ``blocks(ofLayer:)`` may be made.
  ///
  /// - Parameters:
  ///   - points: at most so many at once.
  ///   - batch: points of the largest batch.
  convenience init(
    replacing layer: Int, of solved: LayeredSystem, by count: Int, points: Int, batch: Int
  ) {
    var layers = solved.sizes.layers
    layers[layer - 1] = count
    let sizes = LayerSizes(
      features: solved.sizes.features, layers: layers, outputs: solved.sizes.outputs)
    let own = Self.blocks(ofLayer: layer, hiddenLayers: layers.count)
    func place(
      _ buffers: [AlignedBuffer<Scalar>], _ points: Int
    ) -> [AlignedBuffer<Scalar>] {
      var result = buffers
      result[layer - 1] = AlignedBuffer(count: count * points, repeating: 0)
      return result
    }
    self.init(
      particles: LayeredParticles(sizes, own: own, others: solved.particles),
      memory: LayeredMemory(solved.step.rule, sizes, blocks: own),
      step: solved.step, law: solved.law,
      control: layer == 2
        ? solved.control.map { FirstLayerControl($0, rows: count, rule: solved.step.rule) } : nil,
      preactivations: place(solved.preactivations, points), values: place(solved.values, points),
      signals: place(solved.signals, batch))
  }

  /// Weights to and from a layer.
  func blocks(ofLayer layer: Int) -> [LayeredBlock] {
    Self.blocks(ofLayer: layer, hiddenLayers: sizes.hiddenLayers)
  }

  private static func blocks(ofLayer layer: Int, hiddenLayers: Int) -> [LayeredBlock] {
    [
      layer == 1 ? .input : .hidden(layer: layer),
      layer == hiddenLayers ? .output : .hidden(layer: layer + 1),
    ]
  }

  /// Copies the preactivations of a layer at some points, to their columns in a table of all.
  ///
  /// - Parameter first: the number of the point of the first column.
  func copyPreactivations(
    layer: Int, of points: LayeredPoints<Scalar>, from first: Int,
    into table: AlignedBuffer<Scalar>, columns: Int
  ) {
    for row in 0..<sizes.layers[layer - 1] {
      (table.base + row * columns + points.first - first).update(
        from: preactivations[layer - 1].base + row * points.count, count: points.count)
    }
  }
}
