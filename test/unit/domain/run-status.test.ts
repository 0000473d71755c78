import { describe, expect, it } from 'vitest'
import { newRunId, runIdSchema } from '../../../src-core/domain/ids.ts'
import { canResume, canTransition, isActive, runStates, transition } from '../../../src-core/domain/run-status.ts'

describe('run states', () => {
  it('never leave the end states', () => {
    const reachable = (from: (typeof runStates)[number]): string[] => runStates.filter((to) => canTransition(from, to))
    expect({ finished: reachable('finished'), diverged: reachable('diverged') }).toEqual({ finished: [], diverged: [] })
  })

  it('let every active state be interrupted, and every interruption be resumed', () => {
    expect(runStates.filter(isActive).every((state) => canTransition(state, 'interrupted'))).toBe(true)
    expect(runStates.filter(canResume).every((state) => canTransition(state, 'queued'))).toBe(true)
  })

  it('refuses an illegal transition naming both states', () => {
    expect(() => transition('finished', 'running')).toThrow('A run that is finished cannot become running.')
    expect(transition('running', 'pausing')).toBe('pausing')
  })
})

describe('run ids', () => {
  it('are unique and of the declared form', () => {
    const ids = Array.from({ length: 1000 }, newRunId)
    expect(new Set(ids).size).toBe(1000)
    expect(ids.every((id) => runIdSchema.safeParse(id).success)).toBe(true)
  })
})
