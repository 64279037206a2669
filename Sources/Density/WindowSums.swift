import Execution
import LinearAlgebra

/// Gaussian kernel sums in two or three dimensions: points are spread over cells by a window, whose
/// effect is divided out in Fourier space (Greengard and Lee, *Accelerating the nonuniform fast
/// Fourier transform*, SIAM Review 46, 2004).
///
/// Points are sorted into slabs of rows, blocks of 2^18 at a time. Threads spread the slabs of even
/// number straight onto the cells, then those of odd number: windows of one kind do not meet, so
/// that every cell has its sum in one order for any number of threads.
final class WindowSums<Scalar: DensityScalar>: KernelSums {
  private let domain: FourierDomain
  private let bandwidth: Bandwidth
  private let placement: GridPlacement
  private let cells: AlignedBuffer<Double>
  private let records: AlignedBuffer<Double>

  private static var blockSize: Int { 1 << 18 }
  private static var chunk: Int { 1 << 14 }

  init(domain: FourierDomain, bandwidth: Bandwidth) {
    self.domain = domain
    self.bandwidth = bandwidth
    placement = GridPlacement(domain.axes, width: domain.window.width, slabRows: 16)
    cells = AlignedBuffer(count: domain.shape.reduce(1, *), repeating: 0)
    records = AlignedBuffer(count: Self.blockSize * (domain.axes.count + 1), repeating: 0)
  }

  func add(_ block: PointBlock<Scalar>, workers: Workers) {
    for start in stride(from: 0, to: block.count, by: Self.blockSize) {
      spread(block.part(start..<min(start + Self.blockSize, block.count)), workers: workers)
    }
  }

  private func spread(_ block: PointBlock<Scalar>, workers: Workers) {
    let (placement, records, cells, domain) = (placement, records, cells, domain)
    let slabs = placement.slabs
    let chunks = (block.count + Self.chunk - 1) / Self.chunk
    let part = { @Sendable (chunk: Int) in
      let start = chunk * Self.chunk
      return block.part(start..<min(start + Self.chunk, block.count))
    }
    // Numbers of points by chunk and slab, then the places where each chunk's part of a slab starts.
    let places = AlignedBuffer<Int>(count: chunks * slabs, repeating: 0)
    workers.forEach(chunks) { chunk, _ in
      Scalar.countSlabs(part(chunk), placement, counts: places.base + chunk * slabs)
    }
    var starts = [0]
    var next = 0
    for slab in 0..<slabs {
      for chunk in 0..<chunks {
        let count = places.base[chunk * slabs + slab]
        places.base[chunk * slabs + slab] = next
        next += count
      }
      starts.append(next)
    }
    workers.forEach(chunks) { chunk, _ in
      Scalar.sortIntoSlabs(
        part(chunk), placement, next: places.base + chunk * slabs, records: records.base)
    }
    let bounds = starts
    for parity in 0..<2 {
      workers.forEach((slabs + 1 - parity) / 2) { piece, _ in
        let slab = 2 * piece + parity
        domain.window.spread(
          records.base, bounds[slab]..<bounds[slab + 1], shape: domain.shape, cells: cells.base)
      }
    }
  }

  func density(mass: Double, workers: Workers) -> FourierDensity<Scalar> {
    let plan = FFTPlan<Scalar>(.forward, shape: domain.shape)
    let real = AlignedBuffer<Scalar>(count: plan.realCount, repeating: 0)
    Scalar.round(cells.base, times: 1 / mass, count: cells.count, to: real.base)
    let spectrum = AlignedBuffer<Scalar>(count: 2 * plan.spectrumCount, repeating: 0)
    plan.execute(real: real, spectrum: spectrum)
    domain.filter(spectrum, bandwidth: bandwidth, spreadByWindow: true, workers: workers)
    return FourierDensity(domain: domain, spectrum: spectrum)
  }

  func values(mass: Double, workers: Workers) -> [Scalar] {
    density(mass: mass, workers: workers).gridValues()
  }
}
