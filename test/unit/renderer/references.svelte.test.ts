import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src-core/contract/client.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import type { Transport } from '../../../src-core/contract/transport.ts'
import { Workbench } from '../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

/** A window over a fake main; what `fail` names is refused. */
async function open(fail: string[] = []): Promise<{ fake: FakeWorkbench; workbench: Workbench }> {
  const fake = new FakeWorkbench(sampleRuns())
  const { message } = new WorkbenchError('invalid-value', 'paper.csv cannot be drawn: no.')
  const transport: Transport = {
    ...fake.transport,
    invoke: (procedure, input) =>
      fail.includes(procedure)
        ? Promise.resolve({ ok: false, error: { code: 'invalid-value', message } })
        : fake.transport.invoke(procedure, input),
  }
  const workbench = new Workbench(createClient(transport))
  await workbench.load()
  return { fake, workbench }
}

const drawn = ({ references }: Workbench): string[] =>
  references.drawn.map(({ referenceId, metric }) => `${referenceId} ${metric}`)

describe('reference curves', () => {
  it('are on once imported, and undo and redo switch them', async () => {
    const { workbench } = await open()
    await workbench.references.import([])
    workbench.router.go({ view: 'compare' })
    expect(drawn(workbench)).toEqual(['1 train/loss'])
    workbench.undo()
    expect(drawn(workbench)).toEqual([])
    workbench.redo()
    const [curve] = workbench.references.curves
    workbench.references.choose(curve!, { shown: false }, 'Hide a reference curve')
    expect([drawn(workbench), workbench.layout.history.undoable]).toEqual([[], 'Hide a reference curve'])
    workbench.references.choose(workbench.references.curves[0]!, { metric: 'test/loss', shown: true }, 'Metric')
    expect(drawn(workbench)).toEqual(['1 test/loss'])
  })

  it('are remembered by the workspace, and their files are read once when charts are shown', async () => {
    const { fake, workbench } = await open()
    await workbench.references.import([])
    await workbench.layout.flush()
    const again = new Workbench(createClient(fake.transport))
    await again.load()
    expect(again.references.files).toEqual([])
    await Promise.all([again.references.load(), again.references.load()])
    expect(drawn(again)).toEqual(['1 train/loss'])
    expect(fake.calls.filter(({ procedure }) => procedure === 'references.list')).toHaveLength(1)
  })

  it('are renamed, and are gone with their choices when deleted', async () => {
    const { workbench } = await open()
    await workbench.references.import([])
    await workbench.references.rename(workbench.references.files[0]!, '  ')
    expect(workbench.references.files[0]!.name).toBe('paper')
    await workbench.references.rename(workbench.references.files[0]!, ' Krizhevsky 2012 ')
    expect(workbench.references.files[0]!.name).toBe('Krizhevsky 2012')
    await workbench.references.remove(workbench.references.files[0]!)
    expect([workbench.references.files, drawn(workbench)]).toEqual([[], []])
    await workbench.layout.flush()
    expect(await workbench.client.call('layout.get')).toMatchObject({ 'reference-curves': [] })
  })

  it('that cannot be read say why, and change nothing', async () => {
    const { workbench } = await open(['references.import'])
    await workbench.references.import([])
    expect([workbench.references.problem, workbench.references.files]).toEqual(['paper.csv cannot be drawn: no.', []])
    expect(workbench.layout.history.undoable).toBeNull()
  })

  it('stay as they are when main refuses a change, and are asked for again after a failure', async () => {
    const refused = ['references.rename', 'references.delete', 'references.list']
    const { workbench } = await open(refused)
    await workbench.references.import([])
    const [file] = workbench.references.files
    await workbench.references.rename(file!, 'other')
    await workbench.references.remove(file!)
    expect(workbench.references.files).toEqual([file])
    expect(drawn(workbench)).toEqual(['1 train/loss'])
    expect(workbench.notices.kept).toHaveLength(1)
    await workbench.references.load()
    refused.pop()
    await workbench.references.load()
    expect(workbench.references.files).toHaveLength(1)
  })
})
