import { describe, expect, it } from 'vitest'
import { events } from '../../src-core/contract/events.ts'
import { procedures } from '../../src-core/contract/procedures/index.ts'
import { defaultSettings } from '../../src-core/domain/settings.ts'
import { createHandlers, type HandlerNeeds } from '../../src-main/handlers/index.ts'
import { announceRuns } from '../../src-main/runs/run-events.ts'
import { eventNames, procedureNames } from '../../src-preload/names.ts'
import { sampleRun } from '../support/sample-run.ts'

describe('the lists that must not drift apart', () => {
  it('the bridge lets exactly the procedures pass', () => {
    expect([...procedureNames].sort()).toEqual(Object.keys(procedures).sort())
  })

  it('main handles exactly the procedures', () => {
    const handlers = createHandlers({ workspace: {}, runs: {}, facts: {} } as unknown as HandlerNeeds)
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(procedures).sort())
  })

  it('the bridge lets exactly the events pass', () => {
    expect([...eventNames].sort()).toEqual(Object.keys(events).sort())
  })
})

describe('events', () => {
  const runId = 'r0123456789'
  const record = { step: 1, epoch: 0.1, wallTime: 1, activeTime: 1, metrics: { 'train/loss': NaN } }
  const exported = {
    id: 1,
    runId,
    format: 'tfjs' as const,
    step: 1,
    directory: '/x',
    bytes: 1,
    files: [],
    check: { images: 1, maxAbsDiff: 0, top1Agreement: 1 },
    createdAt: 1,
  }

  it('what the run service reports parses as the events of the contract', () => {
    const sent: string[] = []
    const announce = announceRuns((name, payload) => {
      events[name].parse(payload)
      sent.push(name)
    })
    announce.runChanged?.(sampleRun())
    announce.runPurged?.(runId)
    announce.metricsAppended?.(runId, [record])
    announce.metricsRewound?.(runId, 5)
    announce.artifactRecorded?.(runId, { id: 1, kind: 'confusion', step: 5, subject: 'test' })
    announce.exportProgress?.(runId, 'writing')
    announce.exportCreated?.(exported)
    announce.notice?.('warning', 'careful')
    expect(sent).toEqual(Object.keys(events).filter((name) => name !== 'settings.changed' && name !== 'command'))
  })

  it('settings and commands parse', () => {
    expect(events['settings.changed'].safeParse({ settings: defaultSettings }).success).toBe(true)
    expect(events.command.safeParse({ command: 'format-disk' }).success).toBe(false)
  })
})
