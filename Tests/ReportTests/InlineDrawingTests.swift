import Testing

@testable import Report

struct InlineDrawingTests {
  private let svg = """
    <?xml version="1.0" encoding="utf-8"  standalone="no"?>
    <svg\u{20}
     viewBox="0 0 1185 420"
     xmlns="http://www.w3.org/2000/svg"
     xmlns:xlink="http://www.w3.org/1999/xlink"
    >

    <title>Gnuplot</title>
    <desc>Produced by GNUPLOT 5.4 patchlevel 4 </desc>

    <g id="gnuplot_canvas">
    <defs><path id='gpPt0' d='M0,0'/></defs>
    <use xlink:href='#gpPt0' fill="url(#gpPt0)"/>
    <g id="gnuplot_plot_1" ><title>width 8</title></g>
    <g id="gnuplot_plot_2" ><title>gnuplot_plot_2</title></g>
    <text>an id="x" and href='#y'</text>
    </g>
    </svg>


    """

  @Test func identifiersBeginWithThePrefixAndTextStays() {
    let drawing = InlineDrawing(svg, prefix: "figure-3-", label: "a < \"b\"").markup.source
    #expect(
      drawing == """
        <svg  viewBox="0 0 1185 420" xmlns="http://www.w3.org/2000/svg" \
        xmlns:xlink="http://www.w3.org/1999/xlink" width="1185" height="420" role="img" \
        aria-label="a &lt; &quot;b&quot;">
        <g id="figure-3-gnuplot_canvas">
        <defs><path id='figure-3-gpPt0' d='M0,0'/></defs>
        <use xlink:href='#figure-3-gpPt0' fill="url(#figure-3-gpPt0)"/>
        <g id="figure-3-gnuplot_plot_1" ><title>width 8</title></g>
        <g id="figure-3-gnuplot_plot_2" ></g>
        <text>an id="x" and href='#y'</text>
        </g>
        </svg>
        """)
  }
}
