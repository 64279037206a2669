/// How the page looks: in light and dark, on phones and on paper.
enum Stylesheet {
  /// Without the marks `<` and `&`, so that it is the same as HTML and as XML.
  static let text = """

    :root {
      color-scheme: light dark;
      --ground: #ffffff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --band: #f6f8fa;
      --link: #0550ae; --warning: #fff1e5; --warning-line: #bc4c00; --note: #eef4fb;
      --note-line: #54789e; --good: #116329; --bad: #a40e26;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #12161b; --text: #e6e9ed; --soft: #a3adb8; --line: #3a424c; --band: #1b2027;
        --link: #79b8ff; --warning: #33200f; --warning-line: #f0883e; --note: #162231;
        --note-line: #6c96c4; --good: #6fd08c; --bad: #ff8f8f;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem) 4rem; max-width: 80rem;
      background: var(--ground); color: var(--text);
      font: 1rem/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif;
      overflow-wrap: anywhere;
    }
    h1 { font-size: 1.8rem; line-height: 1.2; margin: 0; }
    h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.5rem 0 0.75rem; padding-top: 0.5rem;
      border-top: 1px solid var(--line); }
    h3 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
    header + main h2:first-child, main section:first-child h2 { margin-top: 1.25rem; }
    .lede { color: var(--soft); margin: 0.25rem 0 0; }
    code, pre { font-family: ui-monospace, "Liberation Mono", "DejaVu Sans Mono", monospace;
      font-size: 0.9em; }
    .findings li { margin: 0.35rem 0; }
    .box { border-left: 0.3rem solid var(--line); padding: 0.6rem 1rem; margin: 1rem 0;
      border-radius: 0.25rem; }
    .box h3 { margin: 0; font-size: 1rem; }
    .box ul { margin: 0.25rem 0 0; padding-left: 1.2rem; }
    .warning { background: var(--warning); border-color: var(--warning-line); }
    .warning h3 { color: var(--warning-line); }
    .note { background: var(--note); border-color: var(--note-line); }
    .scroll { overflow-x: auto; margin: 0 0 1.25rem; }
    table { border-collapse: collapse; font-size: 0.88rem; overflow-wrap: normal;
      font-variant-numeric: tabular-nums; }
    .caption { margin: 1.5rem 0 0.4rem; font-size: 0.9rem; color: var(--soft); max-width: 60rem; }
    .caption b, figcaption b { color: var(--text); }
    th, td { padding: 0.25rem 0.55rem; text-align: left; vertical-align: top; }
    .n { text-align: right; white-space: nowrap; }
    thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
    thead th[scope="colgroup"] { text-align: center; border-bottom: 1px solid var(--line); }
    tbody th { font-weight: 600; min-width: 3rem; }
    tbody th code { white-space: nowrap; }
    tbody tr:nth-child(even) { background: var(--band); }
    .t { min-width: 4.5rem; }
    td.w { min-width: 21rem; }
    .best { font-weight: 600; }
    .floor { color: var(--soft); }
    .stretch { white-space: nowrap; }
    .floor { display: block; font-size: 0.8rem; }
    .verdict { font-weight: 600; }
    td strong { white-space: nowrap; }
    .good { color: var(--good); }
    .bad { color: var(--bad); }
    .open { color: var(--soft); }
    figure { margin: 1.5rem 0; }
    .drawing { overflow-x: auto; background: #ffffff; border: 1px solid var(--line);
      border-radius: 0.4rem; padding: 0.5rem; }
    .drawing svg { display: block; min-width: 38rem; max-width: 100%; height: auto;
      margin: 0 auto; }
    figcaption { margin-top: 0.5rem; color: var(--soft); font-size: 0.95rem; max-width: 60rem; }
    details { margin: 0.75rem 0; border: 1px solid var(--line); border-radius: 0.4rem;
      padding: 0.4rem 1rem; }
    summary { cursor: pointer; font-weight: 600; }
    pre { overflow-x: auto; background: var(--band); padding: 0.75rem; border-radius: 0.3rem;
      overflow-wrap: normal; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    @media (max-width: 60rem) { .t { white-space: nowrap; } }
    @media print {
      :root { --ground: #ffffff; --text: #000000; --soft: #333333; --line: #999999;
        --band: #f3f3f3; --warning: #ffffff; --note: #ffffff; --good: #116329; --bad: #a40e26;
        --warning-line: #8a3800; --note-line: #33516f; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      figure, .box, tr { break-inside: avoid; }
      h2, h3, .caption { break-after: avoid; }
      .scroll, .drawing { overflow: visible; border: 0; padding: 0; }
      .drawing svg { min-width: 0; max-height: 22cm; }
      table { font-size: 8pt; }
      th, td { padding: 0.1rem 0.3rem; }
      tbody th code, .stretch, .n, .t { white-space: normal; }
      .t, td.w { min-width: 0; }
      details::details-content { content-visibility: visible; block-size: auto; }
      pre { white-space: pre-wrap; }
    }

    """
}
