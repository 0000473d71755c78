import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import { mnistInfo } from '../../../../src-core/domain/dataset.ts'
import {
  chooseFeatures,
  chooseOf,
  chosenOf,
  featureChoices,
} from '../../../../src-renderer/state/inspection/feature-choices.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'

const everywhere = () => true

async function open(fake = new FakeWorkbench(sampleRuns())) {
  const { client, layout } = new Workbench(createClient(fake.transport))
  await layout.load()
  return { fake, client, layout }
}

describe('what is looked at in trained networks', () => {
  it('is kept in the workspace', async () => {
    const { fake, layout } = await open()
    chooseFeatures(layout, { open: ['kernels'], kernel: 3 }, 'Unfold features')
    chooseFeatures(layout, { saliency: 'occlusion', opacity: 40, map: 'umap', mapImages: 1000 }, 'Way of the saliency')
    await layout.flush()
    const { layout: later } = await open(fake)
    expect(featureChoices(later)).toMatchObject({ open: ['kernels'], kernel: 3, scale: 'each', opacity: 40 })
    expect(featureChoices(later)).toMatchObject({ saliency: 'occlusion', map: 'umap', mapImages: 1000 })
  })

  it('is undone and redone', async () => {
    const { layout } = await open()
    chooseFeatures(layout, { scale: 'all' }, 'Scale of the kernels')
    chooseFeatures(layout, { kernel: 5 }, 'Kernel that is followed')
    expect(layout.history.undoable).toBe('Kernel that is followed')
    layout.history.undo(everywhere)
    expect(featureChoices(layout)).toMatchObject({ scale: 'all', kernel: 0 })
    layout.history.undo(everywhere)
    expect(featureChoices(layout).scale).toBe('each')
    layout.history.redo(everywhere)
    expect(featureChoices(layout).scale).toBe('all')
  })

  it('falls back to its defaults when another build wrote something else', async () => {
    const { client, layout } = await open()
    await client.call('layout.update', { features: { scale: 'logarithmic' } })
    await layout.load()
    expect(featureChoices(layout)).toMatchObject({ scale: 'each', opacity: 70, open: [] })
  })

  it('test image and class belong to a data set, and fit it', async () => {
    const { layout } = await open()
    const flowers = { id: 'flowers', testImages: 90, labels: ['rose', 'tulip'] }
    expect(chosenOf(layout, mnistInfo)).toEqual({ testImage: 0, class: null })
    chooseOf(layout, mnistInfo, { testImage: 7000 }, 'Test image')
    chooseOf(layout, mnistInfo, { class: 3 }, 'Class')
    expect(chosenOf(layout, mnistInfo)).toEqual({ testImage: 7000, class: 3 })
    expect(chosenOf(layout, { ...mnistInfo, testImages: 100, labels: ['0', '1'] })).toEqual({
      testImage: 99,
      class: null,
    })
    expect([chosenOf(layout, flowers), chosenOf(layout, undefined)]).toEqual(
      [1, 2].map(() => ({ testImage: 0, class: null })),
    )
    chooseOf(layout, flowers, { testImage: 5 }, 'Test image')
    expect(chosenOf(layout, flowers)).toEqual({ testImage: 5, class: null })
    chooseOf(layout, undefined, { testImage: 6 }, 'Test image')
    expect(chosenOf(layout, flowers)).toEqual({ testImage: 5, class: null })
  })
})
