// What runs inside the page (`evaluate`) needs the types of a page.
/// <reference lib="dom" />
import type { Page } from '@playwright/test'

declare global {
  interface Window {
    /** Gives the labels back their own length. */
    shortenLabels?: () => void
  }
}

/**
 * What is wrong with the labels of the page when they are 1.4 times as long, as in other languages; one line each.
 * `look` is called while they are.
 */
export async function faultsOfLongerLabels(page: Page, look: () => Promise<void>): Promise<string[]> {
  const faults = await page.evaluate(findFaults)
  await look()
  await page.evaluate(() => window.shortenLabels?.())
  return faults
}

/** Everything is inside, because it is sent to the page as it stands. */
async function findFaults(): Promise<string[]> {
  const labels = 'button, label, h1, h2, h3, legend, summary, a, dt, [role=tab], [role=radio], [role=menuitem]'
  const controls = 'button, input, select, textarea, a, [role=tab], [role=radio], [role=slider]'
  /** What lies over the view on purpose. */
  const layers = '.menu, .dialog'
  const tolerance = 1.5

  const clips = (element: Element): boolean => ['hidden', 'clip'].includes(getComputedStyle(element).overflowX)
  const scrolls = (element: Element): boolean => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
  const named = (element: Element): string =>
    `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60)}” in ${element.closest('[aria-label]:not(button):not(input)')?.getAttribute('aria-label') ?? 'the window'}`
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) &&
    // Hidden from sight, but not from a screen reader.
    element.getBoundingClientRect().width > 1 &&
    !element.closest('[aria-hidden=true]')
  const withTitle = (element: Element | null): boolean => Boolean(element?.closest('[title]'))

  /** What is left of a box once everything around it has cut it; null when nothing is. */
  function visibleBox(element: Element): DOMRect | null {
    let { left, right, top, bottom } = element.getBoundingClientRect()
    for (let outer = element.parentElement; outer; outer = outer.parentElement) {
      const style = getComputedStyle(outer)
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
      const box = outer.getBoundingClientRect()
      ;[left, right] = [Math.max(left, box.left), Math.min(right, box.right)]
      ;[top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)]
    }
    return right - left > 1 && bottom - top > 1 ? new DOMRect(left, top, right - left, bottom - top) : null
  }

  function textNodes(): Text[] {
    const found: Text[] = []
    for (const element of document.querySelectorAll(labels)) {
      if (!isShown(element) || element.closest('[role=listbox], [role=option], .mono, code')) continue
      for (const node of element.childNodes) add(node)
      for (const inner of element.querySelectorAll('span, b')) for (const node of inner.childNodes) add(node)
    }
    function add(node: Node): void {
      const text = node.textContent?.trim() ?? ''
      const inside = node.parentElement!
      if (node instanceof Text && /\p{L}{2}/u.test(text) && isShown(inside) && !found.includes(node)) found.push(node)
    }
    return found
  }

  /** Longer by two fifths: words of at most eight letters, so that it can wrap where words wrap. */
  function longer(text: string): string {
    const more = 'éàüøñçßæ'.repeat(9).slice(0, Math.max(1, Math.round(text.trim().length * 0.4) - 1))
    return `${text.trimEnd()} ${more.replaceAll(/.{8}/g, '$& ').trim()}${/\s$/.test(text) ? ' ' : ''}`
  }

  /** A text that something cuts off, or that leaves its button, with nothing to tell the rest. */
  function cut(node: Text): string[] {
    const range = document.createRange()
    range.selectNodeContents(node)
    const text = range.getBoundingClientRect()
    const inside = node.parentElement!
    for (let outer: Element | null = inside; outer && outer !== document.body; outer = outer.parentElement) {
      const box = outer.getBoundingClientRect()
      const beyond = text.right > box.right + tolerance || text.left < box.left - tolerance
      const ellipsis = getComputedStyle(outer).textOverflow === 'ellipsis'
      if (scrolls(outer)) return []
      if (beyond && clips(outer))
        return ellipsis && withTitle(inside) ? [] : [`cut${ellipsis ? ' without a title' : ''}: ${named(inside)}`]
      if (beyond && outer.matches('button, [role=tab], [role=radio], select'))
        return [`out of its control: ${named(inside)}`]
      const high = text.bottom > box.bottom + 4 || text.top < box.top - 4
      if (high && outer.matches('button, [role=tab], [role=radio]'))
        return [`higher than its control: ${named(inside)}`]
    }
    const { right } = text
    return right > innerWidth + tolerance ? [`beyond the window: ${named(inside)}`] : []
  }

  function overlaps(): string[] {
    const boxes = [...document.querySelectorAll(controls)].filter(isShown).flatMap((element) => {
      const box = visibleBox(element)
      return box ? [{ element, box }] : []
    })
    const found: string[] = []
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue
        if (one.element.closest(layers) !== other.element.closest(layers)) continue
        if (
          getComputedStyle(one.element).position === 'absolute' ||
          getComputedStyle(other.element).position === 'absolute'
        )
          continue
        const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
        const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
        if (width > tolerance && height > tolerance)
          found.push(`${named(one.element)} overlaps ${named(other.element)}`)
      }
    }
    return found
  }

  /** What must be scrolled sideways; tables may. */
  function sideways(): string[] {
    return [...document.querySelectorAll('body *')]
      .filter((element) => scrolls(element) && element.scrollWidth > element.clientWidth + tolerance)
      .filter(
        (element) =>
          isShown(element) && !element.querySelector('table, [role=treegrid], [role=grid], pre, canvas, svg[role]'),
      )
      .filter((element) => !element.closest('table') && element.tagName !== 'TEXTAREA')
      .map((element) => `scrolls sideways: ${element.className.toString()} ${named(element)}`)
  }

  const before = new Set([...overlaps(), ...sideways()])
  const texts = textNodes()
  const originals = texts.map(({ data }) => data)
  if (texts.length < 5) return ['no labels were found to lengthen']
  for (const node of texts) node.data = longer(node.data)
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  const found = [...texts.filter(({ isConnected }) => isConnected).flatMap(cut), ...overlaps(), ...sideways()]
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) found.push('wider than the window')
  const shown = found.filter((fault) => !before.has(fault))
  window.shortenLabels = () => texts.forEach((node, index) => (node.data = originals[index]!))
  return [...new Set(shown)]
}
