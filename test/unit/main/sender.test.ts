import { describe, expect, it } from 'vitest'
import { isTrustedSender, type SenderFrame } from '../../../src-main/ipc.ts'

const page = 'app://ablate/index.html'

function frame(changes: Partial<SenderFrame> = {}): SenderFrame {
  return { url: page, parent: null, detached: false, ...changes }
}

describe('the sender check', () => {
  it('trusts the living top frame of our own page', () => {
    expect(isTrustedSender(frame())).toBe(true)
    expect(isTrustedSender(frame({ url: `${page}#/compare` }))).toBe(true)
  })

  it.each<[string, SenderFrame | null]>([
    ['a frame that is gone', null],
    ['a detached frame', frame({ detached: true })],
    ['an iframe of our own page', frame({ parent: frame() as SenderFrame['parent'] })],
    ['about:blank', frame({ url: 'about:blank' })],
    ['an empty address, as before the first page', frame({ url: '' })],
    ['another host', frame({ url: 'app://other/index.html' })],
    ['another scheme', frame({ url: 'https://ablate/index.html' })],
    ['a file', frame({ url: 'file:///app://ablate/index.html' })],
    ['a data address', frame({ url: 'data:text/html,app://ablate/' })],
    ['an address that only begins alike', frame({ url: 'app://ablate.example/index.html' })],
    ['a blob of our origin', frame({ url: 'blob:app://ablate/0b1c' })],
    ['user information before the host', frame({ url: 'app://ablate@evil/index.html' })],
  ])('refuses %s', (_what, sender) => {
    expect(isTrustedSender(sender)).toBe(false)
  })
})
