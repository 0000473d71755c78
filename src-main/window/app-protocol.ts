import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Protocol } from 'electron'
import { responseHeaders } from './response-headers.ts'

const scheme = 'app'
const host = 'ablate'
const indexPath = '/index.html'
const longestAddress = 2048

/** The window's page. */
export const indexAddress = `${scheme}://${host}${indexPath}`

/** Something that can be answered under an address: a file of the build or a page made in memory. */
export interface Page {
  readonly type: string
  read(): Promise<Uint8Array | string>
}

/** Address path to page. What is not in it does not exist, so no path can lead outside. */
export type PageTable = ReadonlyMap<string, Page>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}

/** Whether an address is one of our own pages. `URL.origin` is of no use: Node calls it "null" for unknown schemes. */
export function isAppAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host: itsHost, username, password } = new URL(address)
  return protocol === `${scheme}:` && itsHost === host && username === '' && password === ''
}

/** Every plain file below the folder. Links and other special files are left out: they could lead outside. */
export function listPages(folder: string): PageTable {
  const pages = new Map<string, Page>()
  const visit = (directory: string, path: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const file = join(directory, entry.name)
      const address = `${path}/${encodeURIComponent(entry.name)}`
      if (entry.isDirectory()) visit(file, address)
      else if (entry.isFile()) pages.set(address, { type: typeOf(file), read: () => readFile(file) })
    }
  }
  visit(folder, '')
  return pages
}

function typeOf(file: string): string {
  return types[extname(file).toLowerCase()] ?? 'application/octet-stream'
}

/**
 * The page that an address names, null when there is none. Nothing is decoded: the address parser has already folded
 * dots, and a path that still holds an encoded one is not in the table.
 */
export function findPage(pages: PageTable, address: string): Page | null {
  if (address.length > longestAddress || !isAppAddress(address)) return null
  const { pathname } = new URL(address)
  return pages.get(pathname === '' || pathname === '/' ? indexPath : pathname) ?? null
}

type ResponseBody = ConstructorParameters<typeof Response>[0]

/** Answers one request for an app:// address. */
export async function respond(pages: PageTable, method: string, address: string): Promise<Response> {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405)
  const page = findPage(pages, address)
  if (!page) return refusal(404)
  const body = method === 'HEAD' ? null : await page.read()
  return new Response(body as ResponseBody, { headers: { ...responseHeaders, 'content-type': page.type } })
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: responseHeaders })
}

/** Must run before the application is ready, once. */
export function registerAppScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the pages, and refuses every file:// address: the window has no reason to read one. */
export function serveApp(protocol: Protocol, pages: PageTable): void {
  protocol.handle(scheme, (request) => respond(pages, request.method, request.url))
  protocol.handle('file', () => refusal(403))
}
