import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportRequest } from '../../../src-cli/report/report-options.ts'
import { placeOf, writeReport } from '../../../src-cli/report/write-report.ts'
import { insertComparedRuns } from '../../support/report-workspace.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { openTestWorkspace } from '../../support/workspaces.ts'

function compared(names: string[] = []) {
  const workspace = openTestWorkspace()
  const runs = insertComparedRuns(workspace, { seeds: 2, steps: 300, names })
  return { workspace, runs, folder: temporaryDirectory() }
}

describe('ablate report', () => {
  it('writes the same bytes for the same record and date, with a verdict and the commands', async () => {
    const { workspace, runs, folder } = compared(['<script>alert(1)</script>'])
    const request = reportRequest(runs, {})
    const files = ['a.html', 'b.html'].map((name) => join(folder, name))
    for (const file of files) {
      await writeReport(workspace, request, { file, format: 'html' }, { force: false, writtenAt: 0 })
    }
    const [first, second] = files.map((file) => readFileSync(file, 'utf8'))
    expect(first).toBe(second)
    expect(first).not.toContain('<script')
    expect(first).toContain('n = 2')
    expect(first).toContain('npx ablate train alexnet-small')
    expect(first).toContain('All 1,200 logged values are drawn')
  })

  it('does not replace a file without being told to, and leaves nothing beside it', async () => {
    const { workspace, runs, folder } = compared()
    const file = join(folder, 'report.md')
    writeFileSync(file, 'mine')
    const request = reportRequest(runs, {})
    const place = { file, format: 'md' } as const
    await expect(writeReport(workspace, request, place, { force: false })).rejects.toThrow(
      /is there already. Replace it with --force/,
    )
    expect(readFileSync(file, 'utf8')).toBe('mine')
    await writeReport(workspace, request, place, { force: true })
    expect(readFileSync(file, 'utf8')).toMatch(/^# Comparison of 4 runs\n/)
    expect(readdirSync(folder)).toEqual(['report.md'])
  })

  it('makes no folder for a path that was typed wrongly', async () => {
    const { workspace, runs, folder } = compared()
    const place = placeOf({ out: join(folder, 'reprots', 'a.html') }, 'A')
    await expect(writeReport(workspace, reportRequest(runs, {}), place, { force: false })).rejects.toThrow(
      `--out: there is no folder ${join(folder, 'reprots')}. Make it first, or correct the path.`,
    )
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves nothing behind for a metric that no run has', async () => {
    const { workspace, runs, folder } = compared()
    const file = join(folder, 'report.html')
    const request = reportRequest(runs, { metric: ['no/such'] })
    await expect(writeReport(workspace, request, { file, format: 'html' }, { force: false })).rejects.toThrow(
      /no metric|has a metric "no\/such"/,
    )
    expect(existsSync(file)).toBe(false)
  })

  it('takes the format from the ending, from --format, or the name from the title', () => {
    expect(placeOf({ out: 'a.pdf' }, '')).toEqual({ file: resolve('a.pdf'), format: 'pdf' })
    expect(placeOf({ out: 'a.HTM' }, '').format).toBe('html')
    expect(placeOf({ out: 'a.txt', format: 'md' }, '').format).toBe('md')
    expect(placeOf({ format: 'PDF' }, 'LRN/BN: which?').file).toBe(resolve('LRN BN which.pdf'))
  })

  it.each([
    [{ out: 'a.txt' }, /must end with .html, .pdf or .md, but is a.txt/],
    [{ out: 'folder' }, /must end with/],
    [{}, /Name the file with --out/],
    [{ out: 'a.md', format: 'pdf' }, /--format pdf contradicts --out a.md/],
    [{ out: 'a.md', format: 'docx' }, /--format must be html, pdf, md, but is docx/],
  ])('says what to do about %j', (options, message) => {
    expect(() => placeOf(options, 'title')).toThrow(message)
  })

  it('has the parts that were named, in their order, with notes between', () => {
    const { runs, folder } = compared()
    const notes = join(folder, 'notes.md')
    writeFileSync(notes, '**why**')
    expect(reportRequest(runs, { sections: 'curves, note,summary', notes: [notes] }).blocks).toEqual([
      { kind: 'section', section: 'curves' },
      { kind: 'note', text: '**why**' },
      { kind: 'section', section: 'summary' },
    ])
    expect(() => reportRequest(runs, { sections: 'curve' })).toThrow(/no part "curve". Did you mean curves/)
    expect(() => reportRequest(runs, { sections: 'note' })).toThrow(/more notes/)
    expect(() => reportRequest(runs, { notes: [join(folder, 'absent.md')] })).toThrow(/cannot be read/)
    expect(() => reportRequest(runs, { title: '' })).toThrow(/title/)
  })
})
