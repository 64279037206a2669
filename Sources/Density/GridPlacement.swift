internal import CKernels

/// Where points fall on a grid of cells in two or three dimensions, in slabs of rows along the
/// first axis.
public struct GridPlacement: Sendable {
  let place: iw_placement
  let slabs: Int

  /// - Parameters:
  ///   - axes: cells of each axis; points are kept where a window of `width` cells fits.
  ///   - slabRows: rows in a slab, at least `width`: the windows of two points whose slabs are not
  ///     neighbours then have no cell in common.
  init(_ axes: [CellAxis], width: Int, slabRows: Int) {
    precondition(slabRows >= width)
    var place = iw_placement()
    place.dimensions = axes.count
    place.slab_rows = slabRows
    place.slabs = axes[0].cells / slabRows + 1
    withUnsafeMutableBytes(of: &place.origin) { Self.fill($0, axes.map(\.first)) }
    withUnsafeMutableBytes(of: &place.inverse_cell) { Self.fill($0, axes.map { 1 / $0.cell }) }
    withUnsafeMutableBytes(of: &place.low) {
      Self.fill($0, axes.map { _ in Double(width) / 2 })
    }
    withUnsafeMutableBytes(of: &place.high) {
      Self.fill($0, axes.map { Double($0.cells - 1) - Double(width) / 2 })
    }
    self.place = place
    slabs = Int(place.slabs)
  }

  static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ values: [Double]) {
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }
}
