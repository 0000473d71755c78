/** The report's look: the window's greys and type, light and dark as the reader's system has it. */
export const reportStyle = `
:root { color-scheme: light dark; --text: light-dark(#1c1d1f, #e4e5e7); --line: light-dark(#d9dadd, #3a3c40); --faint: light-dark(#5c6067, #a0a4ab); }
body { max-width: 960px; margin: 32px auto; padding: 0 16px; background: light-dark(#fff, #17181a); color: var(--text);
  font: 14px/1.5 Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 22px; font-weight: 600; } h2 { font-size: 16px; font-weight: 600; margin-top: 32px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; color: var(--faint); } code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
figure { margin: 16px 0; } figcaption { color: var(--faint); } .swatch { width: 10px; height: 10px; margin-right: 8px; }
svg text { fill: var(--faint); font-size: 12px; } svg .grid { stroke: var(--line); stroke-width: 0.5; }
svg path { fill: none; } svg .raw { stroke-opacity: 0.25; stroke-width: 1; } svg .smooth { stroke-width: 1.5; } svg .joint { stroke-width: 1; stroke-dasharray: 3 3; }
body { overflow-wrap: anywhere; } @media (max-width: 700px) { table { display: block; overflow-x: auto; } }
.number { text-align: right; white-space: nowrap; }
`
