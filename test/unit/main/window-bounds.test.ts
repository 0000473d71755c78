import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readBounds, writeBounds } from '../../../src-main/window/window-bounds.ts'

const place = mkdtempSync(join(tmpdir(), 'ablate-bounds-'))
const file = join(place, 'window.json')
afterAll(() => rmSync(place, { recursive: true, force: true }))
const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
const bounds = { x: 10, y: 20, width: 1000, height: 700, maximized: false }

describe('remembered window bounds', () => {
  it('come back as they were written', () => {
    writeBounds(file, bounds)
    expect(readBounds(file, screens)).toEqual(bounds)
  })

  it('are forgotten when that place is on no screen', () => {
    writeBounds(file, { ...bounds, x: 1900 })
    expect(readBounds(file, screens)).toBeNull()
  })

  it.each(['', '{', 'null', '[]', '{"x":"a"}', '{"x":0,"y":0,"width":-5,"height":5,"maximized":false}'])(
    'are forgotten when damaged: %s',
    (text) => {
      writeFileSync(file, text)
      expect(readBounds(file, screens)).toBeNull()
    },
  )
})
