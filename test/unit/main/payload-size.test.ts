import { describe, expect, it } from 'vitest'
import { isSanePayload } from '../../../src-main/payload-size.ts'

function nested(depth: number): unknown {
  let value: unknown = null
  for (let level = 0; level < depth; level++) value = { child: value }
  return value
}

function cyclic(): unknown {
  const value: Record<string, unknown> = {}
  value['self'] = value
  return value
}

describe('the size of a call', () => {
  it.each([undefined, null, 0, NaN, 'a name', { runIds: ['r0123456789'] }, [1, 2, 3], new Map([[1, 2]])])(
    'lets an ordinary value pass: %o',
    (value) => expect(isSanePayload(value)).toBe(true),
  )

  it.each<[string, unknown]>([
    ['a huge string', 'x'.repeat(5_000_000)],
    ['many strings', Array.from({ length: 100 }, () => 'x'.repeat(50_000))],
    ['a huge key', { ['k'.repeat(5_000_000)]: 1 }],
    ['a long array', Array.from({ length: 600_000 }, () => 0)],
    ['a sparse array', new Array(4_000_000_000)],
    ['a large buffer', new Uint8Array(5_000_000)],
    ['a large map', new Map(Array.from({ length: 600_000 }, (_, index) => [index, index]))],
    ['a deep nest', nested(600_000)],
    ['a value that holds itself', cyclic()],
  ])('refuses %s', (_what, value) => expect(isSanePayload(value)).toBe(false))
})
