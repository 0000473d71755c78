import { expect, it } from 'vitest'
import { mostProfiles } from '../../../src-core/domain/profile/step-profile.ts'
import { RunArtifacts } from '../../../src-renderer/state/run/run-artifacts.svelte.ts'

it('a list asked for before a rewind does not bring back what the rewind removed', async () => {
  const header = (id: number, step: number) => ({ id, kind: 'confusion', step, subject: 'validation' })
  const answers: ((headers: unknown) => void)[] = []
  const listeners = new Map<string, (payload: unknown) => void>()
  const client = {
    call: () => new Promise((resolve) => answers.push(resolve)),
    on: (name: string, listener: (payload: unknown) => void) => (listeners.set(name, listener), () => {}),
  }
  const artifacts = new RunArtifacts(client as never, 'r1')
  void artifacts.load()
  listeners.get('metrics.rewound')!({ runId: 'r1', toStep: 1 })
  answers[1]!([header(1, 1)])
  answers[0]!([header(1, 1), header(2, 9)])
  await new Promise((done) => setTimeout(done, 5))
  expect(artifacts.headers?.map(({ id }) => id)).toEqual([1])
})

it('a list that grows forgets the profiles that the record no longer keeps', async () => {
  const header = (step: number) => ({ id: step, kind: 'profile', step, subject: '' })
  const listeners = new Map<string, (payload: unknown) => void>()
  const steps = Array.from({ length: mostProfiles }, (_, index) => index + 1)
  const client = {
    call: () => Promise.resolve([...steps.map(header), { ...header(mostProfiles), id: 999, kind: 'confusion' }]),
    on: (name: string, listener: (payload: unknown) => void) => (listeners.set(name, listener), () => {}),
  }
  const artifacts = new RunArtifacts(client as never, 'r1')
  await artifacts.load()
  listeners.get('artifact.recorded')!({ runId: 'r1', artifact: header(mostProfiles + 1) })
  expect(artifacts.headers!.map(({ id }) => id)).toEqual([1, ...steps.slice(2), 999, mostProfiles + 1])
})
