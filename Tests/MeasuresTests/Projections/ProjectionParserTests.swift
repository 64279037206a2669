import Diagnostics
import Measures
import Testing

@Suite struct ProjectionParserTests {
  @Test(arguments: [
    ("a", [AxisExpression.outputWeight(nil)]),
    (" a[2] ", [.outputWeight(2)]),
    ("w[63]", [.inputWeight(63)]),
    ("a,norm(w)", [.outputWeight(nil), .norm]),
    ("a , dot( w , mean_difference )", [.outputWeight(nil), .dot(.meanDifference)]),
    (
      "dot(w,pca1),dot(w,pca2),angle(w,pca12)",
      [.dot(.principalComponent(1)), .dot(.principalComponent(2)), .angle(.principalComponent(12))]
    ),
    ("dot(w, mean_difference[0, 3])", [.dot(.classMeanDifference(from: 0, to: 3))]),
    ("dot(w, file:a b/dir.csv )", [.dot(.file("a b/dir.csv"))]),
    ("angle(w, file:'a, (b).csv'), a", [.angle(.file("a, (b).csv")), .outputWeight(nil)]),
    ("dot(w, file:\"it's.csv\")", [.dot(.file("it's.csv"))]),
    (
      "a, z2[0], z12[7]",
      [.outputWeight(nil), .preactivation(layer: 2, probe: 0), .preactivation(layer: 12, probe: 7)]
    ),
  ]) func accepted(text: String, axes: [AxisExpression]) throws {
    let projection = try ProjectionExpression(parsing: text)
    #expect(projection.axes == axes)
    // What it writes it reads.
    #expect(try ProjectionExpression(parsing: projection.text) == projection)
  }

  static let axes = "accepted: a, a[c], w[j], norm(w), dot(w, e), angle(w, e) or z2[p]"
  static let directions =
    "accepted: pca1, pca2, ..., mean_difference, mean_difference[i,j] or file:PATH"

  @Test(arguments: [
    ("", "received an empty text; \(axes)"),
    ("  ", "  : character 3: received the end; \(axes)"),
    ("nrom(w)", "nrom(w): character 1: received nrom, did you mean norm? \(axes)"),
    ("a, x", "a, x: character 4: received x, did you mean a? \(axes)"),
    ("a, elephant", "a, elephant: character 4: received elephant; \(axes)"),
    ("a,", "a,: character 3: received the end; \(axes)"),
    ("a b", "a b: character 3: received b; accepted: , or the end"),
    (
      "w",
      "w: character 1: received w, which is a vector; accepted: w[j], norm(w), dot(w, e) or"
        + " angle(w, e)"
    ),
    ("w[-1]", "w[-1]: character 3: received -; accepted: a whole number from 0 on"),
    ("w[1.5]", "w[1.5]: character 4: received .; accepted: ]"),
    ("w[1", "w[1: character 4: received the end; accepted: ]"),
    ("a[x]", "a[x]: character 3: received x; accepted: a whole number from 0 on"),
    (
      "w[99999999999999999999]",
      "w[99999999999999999999]: character 3: received 99999999999999999999; accepted: a whole"
        + " number from 0 on"
    ),
    (
      "a, z0[1]",
      "a, z0[1]: character 4: received z0; accepted: z1, z2, ..., hidden layers count from 1"
    ),
    ("z[1]", "z[1]: character 1: received z; accepted: z1, z2, ..., hidden layers count from 1"),
    ("z2", "z2: character 3: received the end; accepted: ["),
    ("norm(a)", "norm(a): character 6: received a; accepted: w"),
    ("norm w", "norm w: character 6: received w; accepted: ("),
    ("dot(w)", "dot(w): character 6: received ); accepted: ,"),
    (
      "dot(w, mean_diference)",
      "dot(w, mean_diference): character 8: received mean_diference, did you mean"
        + " mean_difference? \(directions)"
    ),
    ("dot(w, pca0)", "dot(w, pca0): character 8: received pca0; accepted: pca1, pca2, ..."),
    ("dot(w, pca)", "dot(w, pca): character 8: received pca, did you mean pca1? \(directions)"),
    ("dot(w, 1)", "dot(w, 1): character 8: received 1; \(directions)"),
    (
      "dot(w, file:)", "dot(w, file:): character 13: received no path; accepted: the name of a file"
    ),
    ("dot(w, file:'x)", "dot(w, file:'x): character 16: received the end; accepted: '"),
    (
      "dot(w, mean_difference[1,1])",
      "dot(w, mean_difference[1,1]): character 26: received class 1 twice; accepted: two classes"
    ),
    ("a, norm(w), a", "a, norm(w), a: character 13: received a again; accepted: different axes"),
    (
      "a,norm(w),w[0],w[1]",
      "a,norm(w),w[0],w[1]: character 16: received an axis number 4; accepted: 1 to 3 axes"
    ),
  ]) func refused(text: String, message: String) {
    #expect(throws: Diagnostic(.commandLine, message)) {
      try ProjectionExpression(parsing: text)
    }
  }

  @Test(arguments: [
    ("a", "a"), ("a[1]", "a_1"), ("a, norm(w)", "a__norm_w"),
    ("dot(w, pca1), dot(w, pca2)", "dot_w_pca1__dot_w_pca2"),
    ("a, z2[10]", "a__z2_10"), ("angle(w, file:/tmp/x y/dir-1.csv)", "angle_w_file_dir_1_csv"),
    ("dot(w, mean_difference[0,1])", "dot_w_mean_difference_0_1"),
  ]) func identifiers(text: String, identifier: String) throws {
    #expect(try ProjectionExpression(parsing: text).identifier == identifier)
  }

  /// No text crashes the parser.
  @Test func mutations() {
    let alphabet = Array("awnormdotangle()[],:' file12_é")
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var accepted = 0
    for _ in 0..<4000 {
      var text = Array("a, dot(w, mean_difference[0,1]), norm(w)")
      for _ in 0..<(1 + next(3)) {
        let place = next(text.count)
        switch next(3) {
        case 0: text[place] = alphabet[next(alphabet.count)]
        case 1: text.remove(at: place)
        default: text.insert(alphabet[next(alphabet.count)], at: place)
        }
      }
      if let projection = try? ProjectionExpression(parsing: String(text)) {
        accepted += 1
        #expect((try? ProjectionExpression(parsing: projection.text)) == projection)
      }
    }
    #expect(accepted > 20 && accepted < 3000)
  }
}
