import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, describe, it } from 'vitest'
import { printPdf } from '../../../src-cli/report/print-pdf.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { ablate, ablateJson, newFolder } from '../../support/cli.ts'
import { insertComparedRuns } from '../../support/report-workspace.ts'

// A temporary folder of this file's own, in which nothing may be left.
process.env.TMPDIR = newFolder()

/** A workspace of four finished runs that nobody trained. */
function comparedRuns() {
  const folder = newFolder()
  const record = openWorkspace(folder, { application: 'a test' })
  const runs = insertComparedRuns(record, { seeds: 2, steps: 100, names: ['<b>LRN</b> "one"'] })
  record.close()
  return { folder, ids: runs.map(({ id }) => id) }
}

const pagesOf = (pdf: string): number => readFileSync(pdf, 'latin1').match(/\/Type \/Page\n/g)?.length ?? 0
const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => /^ablate-(report|printer)-/.test(name))

/** A program that is started in the place of Electron. */
function program(script: string): string {
  const file = join(newFolder(), 'electron')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

describe('ablate report as PDF', () => {
  it('prints without a display, on as many pages as it takes with what is folded on the screen', async () => {
    const { folder, ids } = comparedRuns()
    const before = leftBehind()
    const options = ['--workspace', folder, '--sections', 'curves', '--title', 'LRN/BN']
    const whole = join(folder, 'curves.pdf')
    expect(await ablateJson('report', ...ids, ...options, '-o', whole)).toEqual({ path: whole })
    expect(readFileSync(whole).subarray(0, 5).toString()).toBe('%PDF-')
    // Four charts take two pages, their tables of numbers two more.
    expect(pagesOf(whole)).toBeGreaterThanOrEqual(4)
    expect(leftBehind()).toEqual(before)
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('names the file by the title where only the format is told', async () => {
    const { folder, ids } = comparedRuns()
    const entry = join(import.meta.dirname, '../../../src-cli/index.ts')
    const args = [entry, 'report', ids[0]!, '--workspace', folder, '--title', 'LRN/BN: which?', '--format', 'pdf']
    await promisify(execFile)(process.execPath, args, { cwd: folder, env: { ...process.env, DISPLAY: '' } })
    expect(existsSync(join(folder, 'LRN BN which.pdf'))).toBe(true)
  })

  it('does not begin to print where a file is in the way', async () => {
    const { folder, ids } = comparedRuns()
    const file = join(folder, 'mine.pdf')
    writeFileSync(file, 'mine')
    const { status, stderr } = await ablate('report', ids[0]!, '--workspace', folder, '-o', file)
    expect([status, readFileSync(file, 'utf8')]).toEqual([2, 'mine'])
    expect(stderr).toContain('is there already. Replace it with --force. [usage]')
  })

  it.each([
    ['ends', program('echo "no libgtk" >&2; exit 3'), /ended with status 3 and said:\nno libgtk\n/],
    ['dies', program('kill -SEGV $$'), /ended with SIGSEGV and said nothing\./],
    ['prints nothing', program('exit 0'), /ended without having printed anything\./],
    ['is not there', '/no/such/electron', /could not be started \(spawn \/no\/such\/electron ENOENT\)\./],
    ['hangs', program('exec sleep 30'), /did not end within 0\.2 s and said nothing\./],
  ])('says what was tried, and that HTML works, when Electron %s', async (what, executable, message) => {
    const before = leftBehind()
    const failure = await printPdf('/no/page.html', { executable, ...(what === 'hangs' && { timeLimit: 200 }) }).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'not-printed', message: expect.stringMatching(message) as string })
    expect(failure).toMatchObject({ message: expect.stringContaining(`(tried: ${executable}`) as string })
    expect(failure).toMatchObject({ message: expect.stringMatching(/as \.html always works, and any browser prints it\.$/) as string }) // prettier-ignore
    expect(leftBehind()).toEqual(before)
  })

  it('says which page could not be shown', async () => {
    const missing = join(newFolder(), 'missing.html')
    await expect(printPdf(missing)).rejects.toThrow(/ERR_FILE_NOT_FOUND/)
  })
})
