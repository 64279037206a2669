import DataIO
import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth report`: pages of real files, and what is refused.
struct ReportCommandTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func page(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func everyKindOfFileInOnePage() throws {
    for arguments in [
      ["limit", "small.yaml", "-o", "run.nc"],
      ["limit", "small.yaml", "--scaling", "ntk", "-o", "ntk.nc"],
      ["train", "small.yaml", "-o", "nets.nc"],
      [
        "compare", "small.yaml", "--scaling", "mean_field", "--scaling", "ic_mean_field", "-o",
        "cmp.nc",
      ],
      ["density", "run.nc", "--project", "a", "--project", "a, norm(w)", "-o", "density.nc"],
    ] {
      let result = try Program.run(arguments + ["--quiet"], in: folder)
      #expect(result.status == 0, "\(arguments): \(result.errors)")
    }
    let files = ["run.nc", "ntk.nc", "nets.nc", "cmp.nc", "density.nc"]
    let result = try Program.run(["report"] + files + ["-o", "page.html"], in: folder)
    #expect(result.status == 0 && result.errors == "" && result.output == "page.html\n")
    let html = try page("page.html")
    let content = WebPage(html)
    #expect(content.problems == [])
    #expect(!html.contains("Markup("))
    #expect(
      content.all("h2").map(\.text) == [
        "Summary", "Networks beside their limits", "Limits compared",
        "Limit MF and finite networks", "Limit NTK", "Densities of the weights", "Files",
        "Configurations",
      ])
    #expect(content.all("pre").map(\.text) == files.map { _ in Self.small })
    // The numbers are those of the tables that the commands write.
    let run = try RunRecord.read(folder.path + "/run.nc")
    let loss = try #require(run.trajectory.testLoss.last)
    let number = try #require(
      content.all("li").first { $0.text.hasPrefix("Limit MF") }?.text
        .firstMatch(of: #/test loss ([0-9.]+) ± ([0-9.]+)/#))
    let error = try #require(run.trajectory.testLossStandardError.last)
    #expect(abs(Double(number.1)! - loss) < 0.05 * error)
    #expect(abs(Double(number.2)! - error) < 0.06 * error)

    let again = try Program.run(
      ["report"] + files + ["-o", "page.html", "--force"], in: folder)
    #expect(again.status == 0)
    #expect(try page("page.html") == html)
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func filesOfOtherDataAreNamed() throws {
    try write("other.yaml", replacing: "train: 40", with: "train: 44")
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(try run("limit", "other.yaml", "-o", "other.nc", "--quiet").status == 0)
    let sentence =
      "other.nc: other data than run.nc (data.train: received 44 where run.nc has 40); its numbers and"
      + " figures stand beside the others and do not compare with them"
    let result = try run("report", "run.nc", "other.nc", "-o", "page.html", "--title", "A <title>")
    #expect(result.status == 0)
    #expect(result.errors == "infwidth: warning: \(sentence)\n")
    let content = try WebPage(page("page.html"))
    #expect(content.problems == [])
    #expect(content.all("h1").map(\.text) == ["A <title>"])
    #expect(content.all("li").first?.text == sentence + ".")
  }

  @Test func refusalsSayWhatIsAccepted() throws {
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    try folder.write("text.nc", "no NetCDF\n")
    try folder.write("old.html", "old")
    let foreign = try NetCDFWriter(path: folder.path + "/foreign.nc", force: false)
    try foreign.setAttribute("title", .text("something else"))
    try foreign.finish()
    let before = folder.contents()
    for (arguments, status, message) in [
      (["none.nc", "-o", "p.html"], 66, "none.nc: the file does not exist"),
      (["text.nc", "-o", "p.html"], 65, "text.nc: not a NetCDF file"),
      (
        ["foreign.nc", "-o", "p.html"], 65,
        "foreign.nc: neither a limit (written by infwidth limit) nor finite nets (written by infwidth"
          + " train) nor densities (written by infwidth density) nor a comparison (written by infwidth"
          + " compare) nor predictions (written by infwidth predict) nor a study (written by infwidth study)"
      ),
      (
        ["run.nc", "-o", "old.html"], 74,
        "old.html: the file exists; choose another name or pass --force"
      ),
      (
        ["run.nc", "-o", "./run.nc", "--force"], 74,
        "./run.nc: this is one of the files to report; choose another name"
      ),
      (["run.nc", "-o", "no/p.html"], 74, "no/p.html: the folder no does not exist"),
      (
        ["run.nc", "./run.nc", "-o", "p.html"], 64,
        "received ./run.nc twice; accepted: different files"
      ),
      (
        ["run.nc", "-o", "p.html", "--title", " "], 64,
        "--title: received an empty text; accepted: a title"
      ),
    ] as [([String], Int32, String)] {
      let result = try Program.run(["report"] + arguments, in: folder)
      #expect(result.status == status, "\(arguments)")
      #expect(result.errors == "infwidth: error: \(message)\n")
      #expect(result.output == "")
    }
    let result = try Program.run(
      ["report", "run.nc", "-o", "p.html"], in: folder, searchPath: "/nowhere")
    #expect(result.status == 66)
    #expect(
      result.errors
        == "infwidth: error: figures need gnuplot, which is not on PATH; install it: apt install"
        + " gnuplot-nox\n")
    #expect(folder.contents() == before)
    #expect(try page("old.html") == "old")
  }
}
