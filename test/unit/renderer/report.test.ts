import { describe, expect, it } from 'vitest'
import { reportRequestSchema, reportSections } from '../../../src-core/domain/report/report-request.ts'
import {
  complete,
  initialPlan,
  moved,
  requestOf,
  withItem,
  withNote,
  without,
} from '../../../src-renderer/state/report/report-plan.ts'
import { sampleRun } from '../../support/sample-run.ts'

describe('the plan of a report', () => {
  it('asks for the ticked parts in their order, with notes where they are', () => {
    const plan = moved(withNote(initialPlan), 0, 1)
    const noted = withItem(plan, 1, { kind: 'note', id: 1, text: 'why' })
    const fewer = withItem(noted, 0, { kind: 'section', section: 'summary', shown: false })
    const references = [{ referenceId: 1, curve: 'loss', metric: 'train/loss' }]
    const request = requestOf({ ...fewer, title: ' T ' }, [sampleRun()], [], references)
    expect(reportRequestSchema.parse(request)).toEqual(request)
    expect(request.title).toBe('T')
    expect(request.references).toEqual(references)
    expect(request.blocks.slice(0, 2)).toEqual([
      { kind: 'note', text: 'why' },
      { kind: 'section', section: 'curves' },
    ])
  })

  it('keeps at its place what cannot go further, and takes notes back', () => {
    expect(moved(initialPlan, 0, -1)).toBe(initialPlan)
    expect(moved(initialPlan, reportSections.length - 1, 1)).toBe(initialPlan)
    expect(without(withNote(initialPlan), 0)).toEqual(initialPlan)
  })

  it('gains the parts that an older plan does not know', () => {
    const old = { ...initialPlan, items: initialPlan.items.slice(0, 2) }
    expect(complete(old).items).toHaveLength(reportSections.length)
  })

  it('leaves out metrics that none of these runs logged', () => {
    const plan = { ...initialPlan, metrics: ['train/loss', 'other/metric'] }
    expect(requestOf(plan, [sampleRun()], ['train/loss'], []).metrics).toEqual(['train/loss'])
  })
})
