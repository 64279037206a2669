import DataIO
import Foundation
import Testing

/// xarray's reading of all files, by a Python that has xarray and netCDF4 (from PyPI): name its
/// interpreter in the environment variable INFINITEWIDTH_PYTHON.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["INFINITEWIDTH_PYTHON"] != nil,
    "INFINITEWIDTH_PYTHON names no Python with xarray and netCDF4"))
struct ExportXarrayTests {
  @Test func filesOpen() throws {
    let folder = try NetCDFScratchFolder()
    let trajectory = numberedTrajectory(members: 2, hasDecomposition: true)
    let measure = MeasureDescription(
      snapshotSteps: [0, 5], particles: 2, features: 3, outputs: 1, isSinglePrecision: false)
    let run = try RunFileWriter(
      path: folder("run.nc"), force: false,
      exampleRun(numberedTrajectory(members: 2), measure: measure))
    try run.writeMass([0.25, 0.75])
    try run.write(numberedTrajectory(members: 2))
    try run.finish()
    let nets = try NetsFileWriter(
      path: folder("nets.nc"), force: false,
      NetsFileDescription(
        metadata: exampleMetadata(),
        limit: LimitDescription(name: "ntk", alpha: 0, beta: 0, gamma: -0.5), widths: [16, 64],
        seeds: [4, 9], recording: exampleRecording(trajectory),
        weights: NetsWeightsDescription(
          snapshotSteps: [0, 5], features: 3, outputs: 1, isSinglePrecision: true)))
    try nets.write(trajectory, widthIndex: 1)
    try nets.finish()
    var densities = ExportDensityTests.record(folder("density.nc"))
    for var projection in densities.projections {
      (projection.width, projection.seeds) = (16, 2)
      densities.projections.append(projection)
    }
    try DensityFile.write(densities, metadata: exampleMetadata(), other: "o.nc", force: false)
    let script = """
      import sys, numpy as np, xarray as xr
      run = xr.open_dataset(sys.argv[1])
      # (realization, step, test, output) = (2, 3, 3, 1), counted from 10000.
      assert run.test_logits.sel(realization=2, step=5)[1, 0] == 10000 + 9 + 6 + 1
      assert run.attrs["config"] == "scaling: mean_field  # é\\n"
      assert run.attrs["alpha"] == -0.5 and run.attrs["seed"] == 7
      assert all(v.attrs["units"] == "1" and v.attrs["long_name"] for v in run.variables.values())
      measure = xr.open_dataset(sys.argv[1], group="measure")
      assert measure.mass.values.tolist() == [0.25, 0.75]
      assert dict(measure.sizes) == {"snapshot": 2, "particle": 2, "feature": 3, "output": 1}
      nets = xr.open_dataset(sys.argv[2])
      # (seed, step, term) = (2, 3, 4), counted from 80000.
      last = nets.decomposition_std.sel(width=64, seed=9, step=1, term="f_aw")
      assert last == 80000 + 12 + 4 + 3
      assert np.isnan(nets.test_loss.sel(width=16)).all()
      assert nets.diverged_at_step.dims == ("width", "seed")
      weights = xr.open_dataset(sys.argv[2], group="measure/width_64")
      assert dict(weights.sizes) == dict(seed=2, snapshot=2, particle=64, output=1, feature=3)
      assert weights.output_weight.sel(seed=9).step.values.tolist() == [0, 5]
      for prefix in ["", "width_16/"]:
          line = xr.open_dataset(sys.argv[3], group=prefix + "a")
          # The second snapshot's densities are 10 + 4/8 and so on.
          by_step = line.density.swap_dims(snapshot="step")
          assert by_step.sel(step=50, a=1) == 10 + (4 + 2) / 8
          assert line["quantile"].sel(level=0.5).dims == ("snapshot",)
          plane = xr.open_dataset(sys.argv[3], group=prefix + "a__angle_w_pca1")
          assert plane.density.dims == ("snapshot", "a", "angle_w_pca1")
          assert plane["mean"].sel(axis="a").dims == ("snapshot",)
          assert plane.angle_w_pca1.attrs["units"] == "radian"
      print("checked")
      """
    let python = ProcessInfo.processInfo.environment["INFINITEWIDTH_PYTHON"]!
    #expect(
      try output(
        of: python, ["-c", script, folder("run.nc"), folder("nets.nc"), folder("density.nc")])
        == "checked\n")
  }
}
