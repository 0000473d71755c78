import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openLog } from '../../../src-main/logging.ts'

describe('the log', () => {
  const place = mkdtempSync(join(tmpdir(), 'ablate-log-'))
  const file = join(place, 'folder/ablate.log')
  afterAll(() => rmSync(place, { recursive: true, force: true }))

  it('writes one line per message and the stack of a cause', () => {
    const log = openLog(file)
    log.info('started')
    log.error('failed', new Error('why'))
    expect(readFileSync(file, 'utf8')).toMatch(/^\S+ info started\n\S+ error failed\nError: why\n {4}at /)
  })

  it('turns over when it is full and keeps one old file', () => {
    writeFileSync(file, 'x'.repeat(200))
    openLog(file, 100).warn('new')
    expect(readFileSync(file, 'utf8')).toMatch(/^\S+ warn new\n$/)
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('x'.repeat(200))
  })
})
