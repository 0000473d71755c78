import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportRequest } from '../../../src-cli/report/report-options.ts'
import { formatOf, writeReport } from '../../../src-cli/report/write-report.ts'
import { insertComparedRuns } from '../../support/report-workspace.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { openTestWorkspace } from '../../support/workspaces.ts'

function compared(names: string[] = []) {
  const workspace = openTestWorkspace()
  const runs = insertComparedRuns(workspace, { seeds: 2, steps: 300, names })
  return { workspace, runs, folder: temporaryDirectory() }
}

describe('ablate report', () => {
  it('writes the same bytes for the same record and date, with a verdict and the commands', () => {
    const { workspace, runs, folder } = compared(['<script>alert(1)</script>'])
    const request = reportRequest(runs, {})
    const files = ['a.html', 'b.html'].map((name) => join(folder, name))
    for (const file of files) writeReport(workspace, request, file, { force: false, writtenAt: 0 })
    const [first, second] = files.map((file) => readFileSync(file, 'utf8'))
    expect(first).toBe(second)
    expect(first).not.toContain('<script')
    expect(first).toContain('n = 2')
    expect(first).toContain('npx ablate train alexnet-small')
    expect(first).toContain('All 1,200 logged values are drawn')
  })

  it('does not replace a file without being told to, and leaves nothing beside it', () => {
    const { workspace, runs, folder } = compared()
    const file = join(folder, 'report.md')
    writeFileSync(file, 'mine')
    const request = reportRequest(runs, {})
    expect(() => writeReport(workspace, request, file, { force: false })).toThrow(
      /is there already. Replace it with --force/,
    )
    expect(readFileSync(file, 'utf8')).toBe('mine')
    writeReport(workspace, request, file, { force: true })
    expect(readFileSync(file, 'utf8')).toMatch(/^# Comparison of 4 runs\n/)
    expect(readdirSync(folder)).toEqual(['report.md'])
  })

  it('makes no folder for a path that was typed wrongly', () => {
    const { workspace, runs, folder } = compared()
    const file = join(folder, 'reprots', 'a.html')
    expect(() => writeReport(workspace, reportRequest(runs, {}), file, { force: false })).toThrow(
      `--out: there is no folder ${join(folder, 'reprots')}. Make it first, or correct the path.`,
    )
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves nothing behind for a metric that no run has', () => {
    const { workspace, runs, folder } = compared()
    const file = join(folder, 'report.html')
    const request = reportRequest(runs, { metric: ['no/such'] })
    expect(() => writeReport(workspace, request, file, { force: false })).toThrow(/no metric|has a metric "no\/such"/)
    expect(existsSync(file)).toBe(false)
  })

  it.each([
    ['a.pdf', /cannot make a PDF.*in the window/],
    ['a.txt', /must end with .html or .md/],
    ['folder', /must end with/],
  ])('says what to do about %s', (file, message) => {
    expect(() => formatOf(file)).toThrow(message)
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
