/// How a variable is stored.
package enum NetCDFStorage: Sendable, Equatable {
  /// Compressed where it is large (1 MiB), plain where it is small.
  case automatic
  /// Never compressed: random numbers hardly shrink and writing them would only be slower.
  case uncompressed
  /// Never compressed, in squares of this side: matrices that are written and mirrored square by square.
  case tiles(side: Int)
}

/// The chunk of a large variable: about 1 MiB of its last dimensions, one index of the others.
///
/// Everything here is written in row-major blocks, so such chunks are filled by few writes; the
/// library's default cuts every dimension alike, and each block would touch and recompress many.
func chunkShape(_ shape: [Int], elementSize: Int) -> [Int] {
  var room = (1 << 20) / elementSize
  var chunk = shape
  for axis in shape.indices.reversed() {
    chunk[axis] = max(1, min(shape[axis], room))
    room = max(1, room / chunk[axis])
  }
  return chunk
}
