import Measures
import Testing

@Suite struct SampleDesignTests {
  static let all: [SampleDesign] = {
    let symmetries: [SampleDesign.Symmetry?] = [nil] + SampleDesign.Symmetry.allCases
    var designs = [SampleDesign(points: .sphere)]
    for points in [SampleDesign.Points.independent, .sobol] {
      for symmetry in symmetries {
        for matches in [false, true] {
          for (removes, weighs) in [(false, false), (true, false), (false, true)] {
            designs.append(
              SampleDesign(
                points: points, symmetry: symmetry, matchesMoments: matches,
                removesRadius: removes, weighsOutput: weighs))
          }
        }
      }
    }
    return designs
  }()

  /// Two kinds of points, four symmetries, one word that is there or not, and one, the other or none of
  /// two; and the sphere.
  @Test func namesGoThereAndBack() {
    #expect(Set(Self.all.map(\.name)).count == 49)
    for design in Self.all {
      #expect(SampleDesign(name: design.name) == design, "\(design.name)")
      // In any order of the words.
      let reversed = design.name.split(separator: "+").reversed().joined(separator: "+")
      #expect(SampleDesign(name: reversed) == design, "\(reversed)")
    }
    #expect(SampleDesign.independent.name == "independent")
    #expect(SampleDesign.antithetic.name == "antithetic")
    #expect(SampleDesign(name: "independent+antithetic") == .antithetic)
    #expect(
      SampleDesign(name: "sobol+reflected+moments")
        == SampleDesign(points: .sobol, symmetry: .reflected, matchesMoments: true))
    #expect(SampleDesign(points: .sphere).removesRadius)
  }

  @Test(arguments: [
    "", "+", "sobol+", "+sobol", "halton", "Sobol", "sobol moments", "sobol+independent",
    "sobol+sobol", "sobol+sphere", "antithetic+reflected", "antithetic+antithetic",
    "quadruples+antithetic", "moments+moments", "radius+radius", "sphere+moments",
    "antithetic+sphere", "sobol+nonsense", "importance+importance", "radius+importance",
    "sphere+importance",
  ]) func otherNamesAreNone(name: String) {
    #expect(SampleDesign(name: name) == nil)
  }

  @Test func groupSizes() {
    #expect(SampleDesign(points: .sobol).groupSize == 1)
    #expect(SampleDesign(symmetry: .antithetic).groupSize == 2)
    #expect(SampleDesign(symmetry: .reflected).groupSize == 2)
    #expect(SampleDesign(symmetry: .quadruples).groupSize == 4)
  }

  @Test func misfitsAreToldInASentence() {
    let largest = SobolSequence.largestDimension
    func misfit(
      _ name: String, _ shape: InitialLaw.Shape, _ coordinates: Int, _ homogeneous: Bool,
      outputs: Int = 1
    ) -> String? {
      SampleDesign(name: name)!.misfit(
        shape: shape, coordinates: coordinates, outputs: outputs, isHomogeneous: homogeneous)
    }
    #expect(
      misfit("sobol", .gaussian, largest + 1, true)
        == "Sobol' points have at most \(largest) coordinates, not \(largest + 1)")
    #expect(misfit("sobol", .uniform, largest, false) == nil)
    #expect(
      misfit("sphere", .gaussian, 4, true)
        == "the spherical rule is for 2 or 3 coordinates (of a and w together), not 4")
    #expect(misfit("sphere", .gaussian, 2, true) == nil)
    #expect(misfit("sphere", .gaussian, 3, true) == nil)
    for (name, coordinates) in [("sphere", 3), ("radius", 3), ("sobol+radius", 50)] {
      #expect(
        misfit(name, .uniform, coordinates, true)
          == "the radius can be left out of a Gaussian law only")
      #expect(
        misfit(name, .gaussian, coordinates, false)
          == "the radius can be left out for linear, relu and leaky_relu only")
      #expect(misfit(name, .gaussian, coordinates, true) == nil)
    }
    #expect(misfit("quadruples+moments", .uniform, 1 << 20, false) == nil)
    let name = "sobol+importance"
    #expect(misfit(name, .gaussian, 50, true) == nil)
    #expect(
      misfit(name, .gaussian, 50, true, outputs: 3)
        == "importance sampling is for one output weight, not 3")
    #expect(misfit(name, .uniform, 50, true) == "importance sampling is for a Gaussian law only")
    #expect(
      misfit(name, .gaussian, 50, false)
        == "importance sampling is for linear, relu and leaky_relu only")
  }

  /// What is chosen always fits.
  @Test(arguments: InitialLaw.Shape.allCases, [true, false])
  func automaticDesignsFit(shape: InitialLaw.Shape, isHomogeneous: Bool) {
    for coordinates in [2, 3, 4, 10, 11, 100, 5000, 100_000] {
      for outputs in [1, 2] {
        let design = SampleDesign.automatic(
          shape: shape, coordinates: coordinates, outputs: outputs, isHomogeneous: isHomogeneous,
          hasControlVariates: coordinates % 2 == 0)
        #expect(
          design.misfit(
            shape: shape, coordinates: coordinates, outputs: outputs, isHomogeneous: isHomogeneous)
            == nil)
      }
    }
  }
}
