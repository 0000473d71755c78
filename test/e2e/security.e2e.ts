import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { procedures } from '../../src-core/contract/procedures/index.ts'
import { secureWebPreferences } from '../../src-main/window/web-preferences.ts'
import { attackFromInside } from '../support/csp-attacks.ts'
import {
  electronExecutable,
  expect,
  launchArguments,
  projectRoot,
  startedAsRoot,
  test,
  type RunningApp,
} from '../support/electron-app.ts'
import { fuzzBridge } from '../support/ipc-fuzz.ts'
import { processStatus } from '../support/processes.ts'

const preload = join(projectRoot, 'out/preload/index.cjs')

/** How many pages exist, and where the window is. */
function whereabouts(app: RunningApp) {
  return app.electron.evaluate(({ webContents }) => {
    const all = webContents.getAllWebContents()
    return { pages: all.length, address: all[0]!.getURL() }
  })
}

test.describe('the window is shut in', () => {
  test('every page has the secure preferences in effect', async ({ app }) => {
    const expected = secureWebPreferences(preload, false) as Record<string, unknown>
    const effective = await app.electron.evaluate(({ webContents }) => {
      // Electron has it for its own tests; the types do not name it.
      type Asked = Electron.WebContents & { getLastWebPreferences(): Record<string, unknown> }
      return (webContents.getAllWebContents() as Asked[]).map((contents) => contents.getLastWebPreferences())
    })
    expect(effective).toHaveLength(1)
    // Electron reports some of them only; the rest is shown by what it does in the tests below.
    const reported = Object.keys(expected).filter((name) => name in effective[0]!)
    expect(reported).toEqual(expect.arrayContaining(['sandbox', 'contextIsolation', 'nodeIntegration', 'webSecurity']))
    for (const name of reported) expect([name, effective[0]![name]]).toEqual([name, expected[name]])
    const seen = await app.window.evaluate(() => ({
      node: [
        typeof Reflect.get(window, 'require'),
        typeof Reflect.get(window, 'process'),
        typeof Reflect.get(window, 'Buffer'),
      ],
      secure: isSecureContext,
      origin: location.origin,
    }))
    expect(seen).toEqual({ node: ['undefined', 'undefined', 'undefined'], secure: true, origin: 'app://ablate' })
  })

  test("the operating system's sandbox is on, also for a page that asks to go without", async ({ app, folders }) => {
    test.skip(startedAsRoot, 'Chromium has no sandbox for root')
    const pid = await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents()[0]!.getOSProcessId())
    expect(processStatus(pid, 'Seccomp')).toBe('2')
    expect(processStatus(pid, 'NoNewPrivs')).toBe('1')
    expect((await app.call('app.info')).sandboxed).toBe(true)
    const probe = join(folders.userData, 'probe.cjs')
    writeFileSync(
      probe,
      "require('electron').contextBridge.exposeInMainWorld('probe', { sandboxed: process.sandboxed })",
    )
    const sandboxed = await app.electron.evaluate(async ({ BrowserWindow }, file) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: false } })
      await other.loadURL('app://ablate/index.html')
      const answer: unknown = await other.webContents.executeJavaScript('window.probe.sandboxed')
      other.destroy()
      return answer
    }, probe)
    expect(sandboxed).toBe(true)
  })

  test('the preload adds two frozen functions and nothing else', async ({ app }) => {
    const added = await app.electron.evaluate(async ({ BrowserWindow }, file) => {
      const namesWith = async (webPreferences: Electron.WebPreferences): Promise<string[]> => {
        const other = new BrowserWindow({ show: false, webPreferences })
        await other.loadURL('about:blank')
        const names: unknown = await other.webContents.executeJavaScript('Object.getOwnPropertyNames(window)')
        other.destroy()
        return names as string[]
      }
      const without = await namesWith({})
      return (await namesWith({ preload: file })).filter((name) => !without.includes(name))
    }, preload)
    expect(added).toEqual(['ablate'])
    const surface = await app.window.evaluate(() => {
      const isReplaceable = (): boolean => {
        try {
          Object.defineProperty(window, 'ablate', { value: {} })
          return true
        } catch {
          return false
        }
      }
      const members = Object.entries(window.ablate).map(([name, value]) => `${name}: ${typeof value}`)
      return { members: members.sort(), frozen: Object.isFrozen(window.ablate), replaceable: isReplaceable() }
    })
    expect(surface).toEqual({ members: ['invoke: function', 'subscribe: function'], frozen: true, replaceable: false })
  })

  test('listeners get the payload and never the event', async ({ app }) => {
    await app.window.evaluate(() => {
      const heard: unknown[] = []
      Object.assign(window, { heard })
      window.ablate.subscribe('command', (...values: unknown[]) => heard.push(values))
    })
    await app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('toggle-rail')!.click())
    await expect
      .poll(() => app.window.evaluate(() => Reflect.get(window, 'heard') as unknown))
      .toEqual([[{ command: 'toggle-rail' }]])
  })
})

test.describe('content', () => {
  test('the policy stops every attack, and says so', async ({ app }) => {
    const before = await whereabouts(app)
    const results = await attackFromInside(app.window)
    expect(results.length).toBeGreaterThan(25)
    expect(results.filter(({ succeeded }) => succeeded)).toEqual([])
    expect(results.filter(({ violations }) => violations.length === 0).map(({ name }) => name)).toEqual([])
    expect(await whereabouts(app)).toEqual(before)
  })

  test('nothing outside the build is served', async ({ app }) => {
    const statuses = await app.window.evaluate(async () => {
      const paths = [
        '/../../package.json',
        '/..%2f..%2fpackage.json',
        '/%2e%2e/%2e%2e/package.json',
        '/main/index.js',
        '//etc/passwd',
      ]
      const answers = paths.map(async (path) => (await fetch(`app://ablate${path}`)).status)
      return Promise.all(answers)
    })
    expect(statuses).toEqual([404, 404, 404, 404, 404])
    const file = await app.electron.evaluate(async ({ net }) => (await net.fetch('file:///etc/passwd')).status)
    expect(file).toBe(403)
  })
})

test('the window goes nowhere and opens nothing', async ({ app }) => {
  const before = await whereabouts(app)
  await app.electron.evaluate(({ webContents }) => {
    const attempts: string[] = []
    Object.assign(globalThis, { attempts })
    // The first event of a navigation; once it is refused there is no `will-navigate`.
    webContents.getAllWebContents()[0]!.on('will-frame-navigate', ({ url }) => attempts.push(url))
  })
  const opened = await app.window.evaluate(() => window.open('https://attacker.invalid/') === null)
  expect(opened).toBe(true)
  await app.window.evaluate(() => {
    const link = document.body.appendChild(document.createElement('a'))
    Object.assign(link, { href: 'https://attacker.invalid/blank', target: '_blank', id: 'bait', textContent: 'bait' })
    link.click()
    link.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true }))
    document.body.append(document.createElement('webview'))
    const refresh = document.createElement('meta')
    Object.assign(refresh, { httpEquiv: 'refresh', content: '0; url=https://attacker.invalid/refresh' })
    document.head.append(refresh)
  })
  for (const address of ['https://attacker.invalid/', 'file:///etc/passwd', 'app://other/', 'app://ablate/elsewhere']) {
    await app.window.evaluate((target) => void setTimeout(() => location.assign(target)), address)
    const attempts = () => app.electron.evaluate(() => Reflect.get(globalThis, 'attempts') as string[])
    // Chromium itself refuses file:// to a page, before anybody is asked.
    if (!address.startsWith('file:')) await expect.poll(attempts).toContain(address)
  }
  expect(await whereabouts(app)).toEqual(before)
})

test('no permission is granted', async ({ app }) => {
  const granted = await app.window.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'clipboard-write']
    const more = [
      'persistent-storage',
      'storage-access',
      'screen-wake-lock',
      'accelerometer',
      'window-management',
      'local-fonts',
    ]
    const states = await Promise.all(
      [...names, ...more].map(async (name) => {
        const status = await navigator.permissions.query({ name: name as PermissionName }).catch(() => null)
        return status?.state === 'granted' ? name : null
      }),
    )
    const use: Record<string, () => Promise<unknown>> = {
      camera: () => navigator.mediaDevices.getUserMedia({ video: true, audio: true }),
      screen: () => navigator.mediaDevices.getDisplayMedia(),
      place: () => new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail)),
      clipboard: () => navigator.clipboard.readText(),
      notification: async () => {
        if ((await Notification.requestPermission()) !== 'granted') throw new Error('denied')
      },
      midi: () => (navigator as unknown as { requestMIDIAccess: () => Promise<unknown> }).requestMIDIAccess(),
      fullscreen: () => document.documentElement.requestFullscreen(),
      pointer: () => document.body.requestPointerLock() as unknown as Promise<void>,
    }
    // Some never answer a refusal.
    const patience = new Promise<null>((done) => setTimeout(() => done(null), 3000))
    const used = await Promise.all(
      Object.entries(use).map(([name, attempt]) =>
        Promise.race([
          attempt().then(
            () => name,
            () => null,
          ),
          patience,
        ]),
      ),
    )
    return [...states, ...used].filter((name) => name !== null)
  })
  expect(granted).toEqual([])
})

test.describe('main listens to its window alone', () => {
  test('pages of another origin are refused, and a frame gets no bridge at all', async ({ app }) => {
    const replies = await app.electron.evaluate(async ({ BrowserWindow }, file) => {
      const ask = "window.ablate.invoke('runs.list', { deleted: false })"
      const webPreferences = { preload: file, nodeIntegrationInSubFrames: true }
      const other = new BrowserWindow({ show: false, webPreferences })
      await other.loadURL('about:blank')
      const blank: unknown = await other.webContents.executeJavaScript(ask)
      await other.loadURL('data:text/html,<iframe src="data:text/html,x"></iframe>')
      const data: unknown = await other.webContents.executeJavaScript(ask)
      const frame: unknown = await other.webContents.mainFrame.frames[0]!.executeJavaScript('typeof window.ablate')
      await other.loadURL('app://ablate/index.html')
      const own: unknown = await other.webContents.executeJavaScript(ask)
      other.destroy()
      return { blank, data, own, frame }
    }, preload)
    const refused = { ok: false, error: { code: 'refused-sender' } }
    expect(replies).toMatchObject({ blank: refused, data: refused, frame: 'undefined', own: { ok: true } })
  })

  test('malformed calls get typed errors and break nothing', async ({ app }) => {
    const result = await fuzzBridge(app.window, Object.keys(procedures), 1)
    test.info().annotations.push({ type: 'fuzz', description: JSON.stringify(result) })
    expect(result.sent).toBeGreaterThan(900)
    expect(result.untyped).toEqual([])
    expect(result.refused['internal']).toBeUndefined()
    expect(result.refused['invalid-value']).toBeGreaterThan(400)
    expect(await app.window.evaluate(() => Reflect.get({}, 'polluted') as unknown)).toBeUndefined()
    expect(await app.electron.evaluate(() => Reflect.get({}, 'polluted') as unknown)).toBeUndefined()
    expect(await app.call('runs.list', { deleted: false })).toEqual([])
  })
})

test('a second start gives way to the first and brings it to the front', async ({ app, folders }) => {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide())
  const second = spawn(electronExecutable(), launchArguments(folders), { stdio: 'ignore' })
  const status = await new Promise((done) => second.once('exit', done))
  expect(status).toBe(0)
  const isVisible = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())
  await expect.poll(isVisible).toBe(true)
  expect((await whereabouts(app)).pages).toBe(1)
})
