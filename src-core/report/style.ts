/** The colours of runs, those of the window: 3:1 against the ground at least, and apart for the colour-blind. */
const runColors: readonly (readonly [light: string, dark: string])[] = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#f28e2b'],
  ['#00846b', '#33c2a0'],
  ['#4422aa', '#9988ff'],
  ['#bb8855', '#ddcc77'],
  ['#662266', '#cc55aa'],
  ['#7788ff', '#ee5544'],
  ['#444400', '#bb6666'],
]

const colorRules = runColors
  .map(([light, dark], index) => `.k${index} { --run: light-dark(${light}, ${dark}); }`)
  .concat('.kneutral { --run: light-dark(#6b7078, #9a9fa8); }')
  .join('\n')

/** Ten steps of blue for more, and of orange for less; the figure stands in the cell too. */
const shadeRules = Array.from({ length: 10 }, (_, index) => index + 1)
  .map((level) => {
    const share = level * 5
    return (
      `.more${level} { background: color-mix(in srgb, light-dark(#0072b2, #56b4e9) ${share}%, transparent); }\n` +
      `.less${level} { background: color-mix(in srgb, light-dark(#d55e00, #f28e2b) ${share}%, transparent); }`
    )
  })
  .join('\n')

/**
 * The report's look: the window's greys and type, light and dark as the reader's system has it, always light on paper.
 * Everything below one class, so that the window can show the report in a page of its own style.
 */
export const reportStyle = `
:root, :host { color-scheme: light dark; }
:root, :host { --text: light-dark(#1b1c1f, #e5e6e9); --faint: light-dark(#50545d, #a9adb6); --line: light-dark(#e3e4e8, #34373d);
  --strong-line: light-dark(#c3c6cd, #50545d); --ground: light-dark(#ffffff, #1a1b1e); --soft: light-dark(#f4f4f5, #232529); --accent: light-dark(#2456c9, #86a8ff); }
body { margin: 0; background: var(--ground); }
main { box-sizing: border-box; max-width: 1000px; margin: 0 auto; padding: 40px 24px 64px; color: var(--text); background: var(--ground);
  font: 14px/1.5 "Inter Variable", Inter, system-ui, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main * { box-sizing: border-box; }
header { border-bottom: 1px solid var(--strong-line); padding-bottom: 16px; }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; }
h2 { margin: 40px 0 8px; font-size: 17px; line-height: 1.3; font-weight: 600; }
h3 { margin: 24px 0 8px; font-size: 14px; font-weight: 600; }
p { margin: 8px 0; max-width: 80ch; } .lead, .caption { color: var(--faint); } .lead { margin: 0; } .caption { margin: 4px 0 0; font-size: 12px; }
.scroll { overflow-x: auto; margin: 8px 0 16px; } .scroll:focus-visible, pre:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; line-height: 1.4; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; color: var(--faint); vertical-align: bottom; } th:last-child, td:last-child { padding-right: 4px; }
th, td { overflow-wrap: break-word; } td:first-child, th:first-child { min-width: 7em; overflow-wrap: anywhere; } .number { text-align: right; } td.number { white-space: nowrap; } .number + :not(.number) { padding-left: 10px; }
td[class*="more"], td[class*="less"] { padding-left: 6px; padding-right: 6px; }
code { font: 12px/1.5 "JetBrains Mono Variable", ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: 8px 0 16px; padding: 10px 12px; background: var(--soft); border-radius: 4px; overflow-x: auto; white-space: pre-wrap; }
figure { margin: 16px 0 4px; break-inside: avoid; } figcaption { font-weight: 600; margin-bottom: 4px; }
details { margin: 4px 0 20px; } summary { color: var(--faint); font-size: 12px; cursor: default; width: fit-content; }
details[open] { margin-bottom: 0; } details:not([open]) + .folded { display: none; }
.note { margin: 24px 0; padding: 0 0 0 16px; border-left: 2px solid var(--strong-line); max-width: 80ch; } .note h2 { margin: 0 0 8px; } .note > :first-child { margin-top: 0; } .note > :last-child { margin-bottom: 0; }
.note img { max-width: 100%; } .note ul, .note ol { margin: 8px 0; padding-left: 20px; list-style: revert; } .note table { width: auto; } .note blockquote { margin: 8px 0; padding-left: 12px; color: var(--faint); border-left: 2px solid var(--line); }
.link { text-decoration: underline; } .address { color: var(--faint); }
.swatch { display: inline-block; width: 10px; height: 10px; margin-right: 8px; fill: var(--run); }
.chart { display: block; width: 100%; height: auto; } .chart text { fill: var(--faint); font: 12px "Inter Variable", Inter, system-ui, sans-serif; } .chart .end { fill: var(--text); }
.chart path { fill: none; stroke: var(--run); stroke-linejoin: round; } .chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .raw path { stroke-opacity: 0.25; stroke-width: 1; } .chart .smooth path { stroke-width: 1.5; } .chart .marked path { stroke-width: 1.5; } .chart circle { fill: var(--run); }
.chart .lead { stroke-width: 1; stroke-opacity: 0.5; }
${colorRules}
${shadeRules}
@media (max-width: 640px) { main { padding: 24px 16px 40px; } }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root { color-scheme: light; } main { max-width: none; padding: 0; font-size: 10pt; } table { font-size: 8.5pt; } th, td { padding-right: 8px; }
  .scroll { overflow: visible; } pre { white-space: pre-wrap; border: 1px solid var(--line); } code { font-size: 8pt; }
  h2, h3, figcaption, thead, summary, details { break-after: avoid; } .folded { break-before: avoid; } tr, figure, pre, .kept { break-inside: avoid; } p { orphans: 3; widows: 3; }
  details:not([open]) + .folded { display: block; } details { margin: 0; } summary { display: block; } * { print-color-adjust: exact; }
}
`
