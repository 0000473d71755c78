import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPage, isAppAddress, listPages, respond, type PageTable } from '../../../src-main/window/app-protocol.ts'

const secret = 'SECRET OUTSIDE THE ROOT'
let folder: string
let pages: PageTable

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ablate-pages-'))
  const root = join(folder, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), secret)
  mkdirSync(join(folder, 'renderer-twin'))
  writeFileSync(join(folder, 'renderer-twin/secret.txt'), secret)
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'assets/index-a1B2.js'), 'export {}')
  writeFileSync(join(root, 'assets/a name.css'), 'body {}')
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
  symlinkSync(folder, join(root, 'linked-folder'))
  pages = listPages(root)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Ways to write `..`, a separator and the target, and the hosts and prefixes to try them under. */
function hostileAddresses(): string[] {
  const ups = [
    '..',
    '%2e%2e',
    '.%2e',
    '%2E.',
    '%252e%252e',
    '%c0%ae%c0%ae',
    '%u002e%u002e',
    '..;',
    '...',
    '․․',
    '..%00',
  ]
  const separators = ['/', '\\', '%2f', '%5c', '%252f', '%255c', '%c0%af', '//']
  const targets = ['secret.txt', 'secret.txt%00.html', 'renderer-twin/secret.txt']
  const traversals = ups.flatMap((up) =>
    separators.flatMap((separator) =>
      targets.flatMap((target) => [
        `app://ablate/${up}${separator}${target}`,
        `app://ablate/assets/${up}${separator}${up}${separator}${target}`,
      ]),
    ),
  )
  return [
    ...traversals,
    'app://ablate/link.txt',
    'app://ablate/linked-folder/secret.txt',
    'app://ablate/linked-folder/renderer/index.html',
    'app://ablate//etc/passwd',
    'app://ablate/%2fetc%2fpasswd',
    'app://ablate/C:/Windows/win.ini',
    'app://ablate/file:///etc/passwd',
    'app://other/index.html',
    'app://ablate.evil/index.html',
    'app://evil@ablate/index.html',
    'app://ablate:80/index.html',
    'app://ABLATE%00/index.html',
    'app:///index.html',
    'app:index.html',
    'file:///etc/passwd',
    'https://ablate/index.html',
    'app://ablate/index.html%00',
    'app://ablate/index.html/',
    'app://ablate/INDEX.HTML',
    'app://ablate/assets',
    'app://ablate/assets/',
    'app://ablate/__proto__',
    'app://ablate/constructor',
    `app://ablate/${'a'.repeat(100_000)}`,
    `app://ablate/${'../'.repeat(20_000)}secret.txt`,
    `app://ablate/index.html?${'x'.repeat(100_000)}`,
    '',
    'not an address',
  ]
}

describe('the app:// protocol', () => {
  it('answers its own files with their type and the security headers', async () => {
    const answer = await respond(pages, 'GET', 'app://ablate/assets/index-a1B2.js?v=1#there')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'export {}',
    ])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('answers the root with the index and finds names that need encoding', () => {
    expect(findPage(pages, 'app://ablate/')).toBe(pages.get('/index.html'))
    expect(findPage(pages, 'app://ablate/assets/a%20name.css')).not.toBeNull()
    expect(findPage(pages, 'app://ablate/assets/../index.html')).toBe(pages.get('/index.html'))
  })

  it('gives no byte from outside for any of more than 300 hostile addresses', async () => {
    const addresses = hostileAddresses()
    expect(addresses.length).toBeGreaterThanOrEqual(300)
    const leaks: string[] = []
    for (const address of addresses) {
      const answer = await respond(pages, 'GET', address)
      if (answer.status !== 404 || (await answer.text()) !== '') leaks.push(`${answer.status} ${address.slice(0, 100)}`)
    }
    expect(leaks).toEqual([])
  })

  it('refuses other methods', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await respond(pages, method, 'app://ablate/index.html')).status).toBe(405)
    }
  })

  it('lists plain files only, never links', () => {
    expect([...pages.keys()].sort()).toEqual(['/assets/a%20name.css', '/assets/index-a1B2.js', '/index.html'])
  })

  it('knows its own addresses by scheme and host, not by how they begin', () => {
    const own = ['app://ablate/', 'app://ablate/index.html#/runs', 'app://ablate/a?b']
    const foreign = [
      'app://ablatex/',
      'app://x/ablate',
      'app://u:p@ablate/',
      'about:blank',
      '',
      'null',
      'data:text/html,x',
    ]
    expect(own.map(isAppAddress)).toEqual([true, true, true])
    expect(foreign.filter(isAppAddress)).toEqual([])
  })
})
