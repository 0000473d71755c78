import { toWireError } from '../src-core/domain/errors.ts'
import { indexAddress, type Page, type PageTable } from './window/app-protocol.ts'

const whatElse =
  'Then start Ablate again. To work in another folder meanwhile, start it with --workspace and that folder.'

/** What the window shows instead of the application when the workspace cannot be opened. */
export function startFailurePages(error: unknown, workspace: string, logFile: string): PageTable {
  const { code, message } = toWireError(error)
  const html = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Ablate cannot start</title><link rel="stylesheet" href="/start-failure.css"></head>
  <body>
    <main role="alert">
      <h1>Ablate cannot open its workspace</h1>
      <p>${escapeHtml(message)}</p>
      <p>${escapeHtml(whatElse)}</p>
      <dl>
        <dt>Workspace</dt><dd>${escapeHtml(workspace)}</dd>
        <dt>Log</dt><dd>${escapeHtml(logFile)}</dd>
        <dt>Reason</dt><dd>${escapeHtml(code)}</dd>
      </dl>
    </main>
  </body>
</html>`
  return new Map([
    [new URL(indexAddress).pathname, page('text/html; charset=utf-8', html)],
    ['/start-failure.css', page('text/css; charset=utf-8', styles)],
  ])
}

function page(type: string, text: string): Page {
  return { type, read: () => Promise.resolve(text) }
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (character) => entities[character]!)
}

const styles = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: light-dark(#ffffff, #1a1b1e); color: light-dark(#1b1c1f, #e5e6e9); }
main { max-width: 60ch; padding: 32px; }
h1 { font-size: 20px; margin: 0 0 8px; }
p { margin: 0 0 8px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 24px 0 0; }
dt { color: light-dark(#50545d, #a9adb6); }
dd { margin: 0; font-family: ui-monospace, monospace; font-size: 12px; overflow-wrap: anywhere; }
`
