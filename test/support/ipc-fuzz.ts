import type { Page } from '@playwright/test'

export interface FuzzResult {
  readonly sent: number
  /** Replies that are typed errors, by code. */
  readonly refused: Readonly<Record<string, number>>
  /** Answers that were not errors: the input happened to be legal. */
  readonly answered: number
  /** What cannot cross into the preload at all. */
  readonly stoppedAtBridge: number
  /** Replies of any other form. */
  readonly untyped: readonly string[]
}

/**
 * Sends every malformed value to every procedure through the bridge, and many names that do not exist.
 * One long function, because Playwright sends its text into the page and nothing around it.
 */
export function fuzzBridge(page: Page, procedures: readonly string[], seed: number): Promise<FuzzResult> {
  return page.evaluate(
    async ([names, firstSeed]) => {
      let state = firstSeed
      const random = (below: number): number => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return Math.floor((state / 2 ** 32) * below)
      }
      const nest = (depth: number): unknown => (depth === 0 ? 0 : { child: nest(depth - 1) })
      const cyclic: Record<string, unknown> = { runId: 'r0123456789' }
      cyclic['self'] = cyclic
      const polluting = JSON.parse(
        '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
      ) as object
      const ids = ['r0123456789', 'r', '', '../../etc/passwd', 'R0123456789', 'r0123456789\u0000', "' OR 1=1 --", '<b>']
      const values: (() => unknown)[] = [
        () => null,
        () => 0,
        () => NaN,
        () => -1,
        () => true,
        () => '',
        () => [],
        () => ({}),
        () => new Date(0),
        () => new Map([['runId', 'r0123456789']]),
        () => 10n,
        () => Symbol('s'),
        () => () => 1,
        () => new Proxy({}, {}),
        () => document.body,
        () => new Uint8Array(10),
        () => 'x'.repeat(2_000_000),
        () => Array.from({ length: 150_000 }, () => 0),
        () => nest(500),
        () => nest(5000),
        () => cyclic,
        () => polluting,
        () => ({ runId: ids[random(ids.length)] }),
        () => ({ runId: ids[random(ids.length)], extra: 1 }),
        () => ({ runId: ids[random(ids.length)], name: '\u202e'.repeat(random(300)) }),
        () => ({ runId: random(100), color: -1, position: 1e300 }),
        () => ({
          runIds: Array.from({ length: random(500) }, () => 'r0123456789'),
          metrics: ['__proto__'],
          maxPoints: 1,
        }),
        () => ({ name: 'n', spec: { version: 1 }, start: 'yes' }),
        () => ({ theme: 'pink', threads: -4 }),
        () => ({ deleted: 'maybe' }),
        () => ({ exportId: 2 ** 53 }),
        () => ({ runId: ids[random(ids.length)], format: '../../x' }),
      ]
      const oddNames = [...Array(200)].map(() =>
        String.fromCharCode(...Array.from({ length: 1 + random(40) }, () => random(65536))),
      )
      const known = [
        '__proto__',
        'constructor',
        'toString',
        'ELECTRON_BROWSER_SEND',
        'GUEST_WINDOW_MANAGER',
        'runs.list ',
        'RUNS.LIST',
      ]
      const calls = [
        ...names.flatMap((name) => values.map((value) => [name, value] as const)),
        ...[...oddNames, ...known].map((name) => [name, values[random(values.length)]!] as const),
      ]
      const refused: Record<string, number> = {}
      const untyped: string[] = []
      let answered = 0
      let stoppedAtBridge = 0
      for (const [name, value] of calls) {
        let reply: { ok?: unknown; error?: { code?: unknown; message?: unknown } }
        try {
          reply = (await window.ablate.invoke(name, value())) as typeof reply
        } catch {
          stoppedAtBridge += 1
          continue
        }
        const code = reply?.error?.code
        if (reply?.ok === true) answered += 1
        else if (reply?.ok === false && typeof code === 'string') refused[code] = (refused[code] ?? 0) + 1
        else untyped.push(`${name}: ${JSON.stringify(reply)}`)
      }
      return { sent: calls.length, refused, answered, stoppedAtBridge, untyped }
    },
    [procedures, seed] as const,
  )
}
