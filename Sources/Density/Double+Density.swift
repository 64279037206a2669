internal import CKernels

extension Double: DensityScalar {
  public static func check(_ block: PointBlock<Double>, _ limits: PointLimits) -> PointCheck {
    var sums = iw_point_check()
    iw_check_points_f64(
      block.points, block.masses, block.count, block.dimensions, limits.lower, limits.upper,
      limits.first, limits.last, &sums)
    return PointCheck(sums)
  }

  public static func addMoments(
    _ block: PointBlock<Double>, axis: CellAxis, terms: Int,
    to moments: UnsafeMutablePointer<Double>
  ) {
    iw_add_moments_f64(
      block.points, block.masses, block.count, axis.first, axis.cell, axis.cells, terms, moments)
  }

  public static func countSlabs(
    _ block: PointBlock<Double>, _ placement: GridPlacement, counts: UnsafeMutablePointer<Int>
  ) {
    var place = placement.place
    iw_count_slabs_f64(block.points, block.count, &place, counts)
  }

  public static func sortIntoSlabs(
    _ block: PointBlock<Double>, _ placement: GridPlacement, next: UnsafeMutablePointer<Int>,
    records: UnsafeMutablePointer<Double>
  ) {
    var place = placement.place
    iw_sort_into_slabs_f64(block.points, block.masses, block.count, &place, next, records)
  }

  public static func addLocal(
    _ block: PointBlock<Double>, _ sum: LocalSum, scratch: UnsafeMutablePointer<Double>,
    grid: UnsafeMutablePointer<Double>
  ) {
    var sum = sum.sum
    iw_add_local_f64(block.points, block.masses, block.count, &sum, scratch, grid)
  }

  public static func scale(
    _ pairs: UnsafeMutablePointer<Double>, by factors: UnsafePointer<Double>, times: Double,
    count: Int
  ) {
    iw_scale_pairs_f64(pairs, factors, times, count)
  }

  public static func contract(
    _ input: UnsafePointer<Double>, outer: Int, inner: Int, _ band: AxisBand,
    into output: UnsafeMutablePointer<Double>
  ) {
    iw_contract_axis_f64(
      input, outer, band.size, inner, band.weights, band.start, band.target, band.start.count,
      band.width, band.count, output)
  }

  public static func round(
    _ from: UnsafePointer<Double>, times factor: Double, count: Int,
    to: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { to[i] = Double(from[i] * factor) }
  }

  public static func widen(
    _ from: UnsafePointer<Double>, count: Int, to: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { to[i] = Double(from[i]) }
  }
}
