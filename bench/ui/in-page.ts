// These functions run inside the page: each stands alone and is sent there as text.
/// <reference lib="dom" />

/** What `watchFrames` keeps between its calls. */
interface FrameWatch {
  times: number[]
  stop: boolean
}

declare global {
  interface Window {
    frameWatch?: FrameWatch
  }
}

/** Clicks an element and answers the milliseconds until the text of another has changed and been painted. */
export async function clickUntilChanged([clicked, index, watched]: readonly [string, number, string]): Promise<number> {
  const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done))
  const text = (): string => document.querySelector(watched)?.textContent ?? ''
  const before = text()
  const start = performance.now()
  document.querySelectorAll<HTMLElement>(clicked)[index]!.click()
  while (text() === before) {
    await frame()
    if (performance.now() - start > 20_000) throw new Error(`${watched} did not change after a click on ${clicked}`)
  }
  // The frame that holds the change has been painted when the next one begins.
  await frame()
  return performance.now() - start
}

/** Types into a field as one input and answers the milliseconds until another element's text has changed. */
export async function typeUntilChanged([field, value, watched]: readonly [string, string, string]): Promise<number> {
  const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done))
  const text = (): string => document.querySelector(watched)?.textContent ?? ''
  const input = document.querySelector<HTMLInputElement>(field)!
  const before = text()
  const start = performance.now()
  input.value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
  while (text() === before) {
    await frame()
    if (performance.now() - start > 20_000) throw new Error(`${watched} did not change after typing ${value}`)
  }
  await frame()
  return performance.now() - start
}

/** Scrolls an element by so many pixels per frame for so many frames; answers the milliseconds between frames. */
export async function scrollFrames([scrolled, pixels, count]: readonly [string, number, number]): Promise<number[]> {
  const element = document.querySelector<HTMLElement>(scrolled)!
  const times: number[] = []
  let last = await new Promise<number>((done) => requestAnimationFrame(done))
  for (let index = 0; index < count; index++) {
    element.scrollTop += pixels
    const now = await new Promise<number>((done) => requestAnimationFrame(done))
    times.push(now - last)
    last = now
  }
  return times
}

/** Begins to keep the milliseconds between frames. */
export function beginFrames(): void {
  const watch: FrameWatch = { times: [], stop: false }
  window.frameWatch = watch
  let last = performance.now()
  const next = (now: number): void => {
    watch.times.push(now - last)
    last = now
    if (!watch.stop) requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
}

/** Ends what `beginFrames` began; answers the milliseconds between frames. */
export function endFrames(): number[] {
  const watch = window.frameWatch!
  watch.stop = true
  return watch.times
}
