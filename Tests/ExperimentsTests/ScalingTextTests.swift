import Diagnostics
import Experiments
import Testing

@Suite struct ScalingTextTests {
  @Test(arguments: [
    "mean_field", "ntk", "sym_default", "ic_mean_field", "intermediate", "default", "-0.75,0.5",
    "-1,1", "-0.5,1,0", "+.5,-0.50",
  ]) func textsReadBackAsThemselves(text: String) throws {
    #expect(try #require(ScalingSection(text: text)).text == text)
  }

  @Test func meanings() {
    #expect(ScalingSection(text: "ntk") == .named(.ntk))
    #expect(
      ScalingSection(text: "-0.75,0.5")
        == .exponents(
          sigma: DecimalExponent(text: "-0.75")!, eta: DecimalExponent(text: "0.5")!))
    #expect(
      ScalingSection(text: "-0.5,1,0")
        == .layerwise(
          sigma: DecimalExponent(text: "-0.5")!, a: DecimalExponent(text: "1")!,
          w: DecimalExponent(text: "0")!))
  }

  @Test(arguments: [
    "", "NTK", "mean field", "-0.75", "-0.75,", ",0.5", "-0.75, 0.5", "1,2,3,4", "nan,1", "1e-1,0",
    "-101,0", "-3/4,1/2", "ntk,1",
  ]) func refused(text: String) {
    #expect(ScalingSection(text: text) == nil)
  }

  /// What an option replaces has no line in the file.
  @Test func errorsNameTheOption() throws {
    var loaded = try LoadedConfiguration.parse(
      text: "data: {format: synthetic, dimension: 2, train: 4, test: 4}\nscaling: ntk\n",
      path: "a.yaml")
    let failure = Diagnostic(.badInput, "no", key: "scaling")
    #expect(loaded.locate(failure).description == "a.yaml:2: scaling: no")
    loaded.replaceScaling(.named(.default), option: "--scaling")
    #expect(loaded.configuration.scaling == .named(.default))
    #expect(loaded.locate(failure).description == "--scaling: no")
    #expect(
      loaded.locate(Diagnostic(.badInput, "no", key: "data")).description == "a.yaml:1: data: no")
  }
}
