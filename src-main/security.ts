import type { App, Session, WebContents } from 'electron'

/** What a page may load from at all. Everything else is cancelled before a connection is made. */
const loadableSchemes = ['app:', 'devtools:', 'blob:', 'data:']

export function isLoadable(address: string): boolean {
  return URL.canParse(address) && loadableSchemes.includes(new URL(address).protocol)
}

/** The window needs no permission. Both handlers: one answers requests, the other queries, and the default is yes. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
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
