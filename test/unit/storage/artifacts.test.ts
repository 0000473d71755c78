import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../../src-core/domain/evaluation/artifact.ts'
import { mostProfiles } from '../../../src-core/domain/profile/step-profile.ts'
import { mostArtifactBytes } from '../../../src-core/storage/records/artifacts.ts'
import { sampleConfusion, sampleFilters, samplePictures, sampleProfile } from '../../support/sample-run.ts'
import { insertRun, openTestWorkspace } from '../../support/workspaces.ts'

const reconstruction: Artifact = {
  kind: 'reconstruction',
  step: 3,
  layer: 'conv1',
  originals: samplePictures(),
  reconstructions: samplePictures(),
}
const diverged: Artifact = {
  kind: 'diverged-batch',
  step: 9,
  what: 'the loss',
  learningRate: 10,
  images: [5, 1],
  labels: [0, 3],
}

describe('artifacts', () => {
  it('come back whole, and listed in the order of their steps without their bodies', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const added = [diverged, sampleConfusion(5), reconstruction].map((one) => workspace.artifacts.add(id, one))
    workspace.close()
    const { artifacts } = openTestWorkspace(workspace.directory)
    expect(artifacts.list(id)).toEqual(added.toReversed())
    expect(artifacts.list(id).map(({ kind, step, subject }) => [kind, step, subject])).toEqual([
      ['reconstruction', 3, 'conv1'],
      ['confusion', 5, 'test'],
      ['diverged-batch', 9, ''],
    ])
    expect(added.map((header) => artifacts.find(header.id))).toEqual([diverged, sampleConfusion(5), reconstruction])
    expect(artifacts.find(99)).toBeNull()
  })

  it('go back with the history, and their ids are never given again', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const other = insertRun(workspace, 'another').id
    const ids = [1, 2, 3].map((step) => workspace.artifacts.add(id, sampleConfusion(step)).id)
    workspace.artifacts.add(other, sampleConfusion(3))
    expect(workspace.artifacts.rewindTo(id, 2)).toBe(1)
    expect(workspace.artifacts.list(id).map(({ step }) => step)).toEqual([1, 2])
    expect(workspace.artifacts.rewindTo(other, -1)).toBe(1)
    expect(Math.max(...ids)).toBeLessThan(workspace.artifacts.add(other, sampleConfusion()).id)
    expect(workspace.artifacts.list(other)[0]!.id).toBe(5)
  })

  it('keep the first profile and the newest of a long run, and nothing else goes for them', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const other = insertRun(workspace, 'another').id
    workspace.artifacts.add(other, sampleProfile(2))
    workspace.artifacts.add(id, sampleConfusion(3))
    for (let step = 2; step <= mostProfiles + 4; step++) workspace.artifacts.add(id, sampleProfile(step))
    const stepsOf = (kind: Artifact['kind']) =>
      workspace.artifacts.list(id).flatMap((header) => (header.kind === kind ? [header.step] : []))
    const newest = Array.from({ length: mostProfiles - 1 }, (_, index) => 6 + index)
    expect([stepsOf('profile'), stepsOf('confusion')]).toEqual([[2, ...newest], [3]])
    expect(workspace.artifacts.list(other)).toHaveLength(1)
    workspace.artifacts.rewindTo(id, 10)
    expect(stepsOf('profile')).toEqual([2, 6, 7, 8, 9, 10])
    workspace.artifacts.add(id, sampleProfile(11))
    expect(stepsOf('profile')).toEqual([2, 6, 7, 8, 9, 10, 11])
    expect(workspace.artifacts.find(workspace.artifacts.list(id)[0]!.id)).toEqual(sampleProfile(2))
  })

  it('that are kernels are read whole, from the newest that is known on', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.artifacts.add(insertRun(workspace, 'another').id, sampleFilters(1))
    const kept = [0, 4, 2].map((step) => workspace.artifacts.add(id, sampleFilters(step)))
    workspace.artifacts.add(id, sampleConfusion(4))
    expect(workspace.artifacts.list(id)[0]).toMatchObject({ kind: 'filters', step: 0, subject: 'conv1' })
    workspace.close()
    const { artifacts } = openTestWorkspace(workspace.directory)
    const [first, , third] = kept
    expect(artifacts.filters(id, 0).map(({ filters }) => filters)).toEqual([0, 2, 4].map((step) => sampleFilters(step)))
    expect(artifacts.filters(id, first!.id + 1)).toEqual([{ id: third!.id, filters: sampleFilters(2) }])
    expect(artifacts.filters(id, third!.id + 1)).toEqual([])
    artifacts.rewindTo(id, 2)
    expect(artifacts.filters(id, 0).map(({ filters: { step } }) => step)).toEqual([0, 2])
  })

  it('are refused when they are too large or not well-formed', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const pixels = 'A'.repeat(mostArtifactBytes / 2)
    const pictures = { count: 64, size: 256, channels: 1, pixels } as const
    const large: Artifact = { ...reconstruction, originals: pictures, reconstructions: pictures }
    expect(() => workspace.artifacts.add(id, large)).toThrow(
      expect.objectContaining({
        code: 'invalid-value',
        message: expect.stringMatching(/"reconstruction" of step 3 is too large: it may have 4194304 bytes, but has 4/),
      }),
    )
    const odd = { ...sampleConfusion(), part: 'training' } as unknown as Artifact
    expect(() => workspace.artifacts.add(id, odd)).toThrow(/"confusion" of step 12 is not well-formed: part/)
    expect(workspace.artifacts.list(id)).toEqual([])
  })

  it('that were tampered with are reported, not shown', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const artifact = workspace.artifacts.add(id, sampleConfusion())
    const tamper = (sql: string): void => {
      const database = new Database(join(workspace.directory, 'ablate.db'))
      database.exec(sql)
      database.close()
    }
    const damaged = expect.objectContaining({
      code: 'workspace-damaged',
      message: expect.stringContaining(`artifact ${artifact.id}`),
    })
    tamper(`UPDATE run_artifacts SET body = '{"kind":"confusion"}'`)
    expect(() => workspace.artifacts.find(artifact.id)).toThrow(damaged)
    tamper(`UPDATE run_artifacts SET kind = 'filters'`)
    expect(() => workspace.artifacts.filters(id, 0)).toThrow(damaged)
    tamper(`UPDATE run_artifacts SET kind = 'poem'`)
    expect(() => workspace.artifacts.list(id)).toThrow(damaged)
  })
})
