import type { App, Session, WebContents } from 'electron'

export { denyPermissions } from './printer/permissions.mjs'

/** What a page may load from at all. Everything else is cancelled before a connection is made. */
const loadableSchemes = ['app:', 'devtools:', 'blob:', 'data:']

export function isLoadable(address: string): boolean {
  return URL.canParse(address) && loadableSchemes.includes(new URL(address).protocol)
}

/** The window has no network. */
export function denyNetwork(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isLoadable(details.url) }))
  session.on('will-download', (event) => event.preventDefault())
}

/** No page leaves its address, opens another window or embeds a foreign page. Holds for every page ever made. */
export function denyNavigation(app: App): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
