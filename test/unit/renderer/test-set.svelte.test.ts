import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src-core/contract/client.ts'
import type { Transport } from '../../../src-core/contract/transport.ts'
import { WorkbenchError, toWireError } from '../../../src-core/domain/errors.ts'
import { choosePair, chosenPair, whyNot } from '../../../src-renderer/components/compare/images/chosen-pair.ts'
import { judgementText } from '../../../src-renderer/components/compare/images/judgement-text.ts'
import { confusionView } from '../../../src-renderer/lib/evaluation/confusion-view.ts'
import { inkOnSigned, luminance, signedColor } from '../../../src-renderer/lib/evaluation/heat-colors.ts'
import {
  confusionContent,
  differenceContent,
  signedCount,
} from '../../../src-renderer/lib/evaluation/matrix-content.ts'
import { TestSetAnswers } from '../../../src-renderer/state/compare/test-set-answers.svelte.ts'
import { Workbench } from '../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

async function open() {
  const fake = new FakeWorkbench(sampleRuns())
  const workbench = new Workbench(createClient(fake.transport))
  await workbench.load()
  const runs = workbench.runs.all.filter(({ checkpointStep }) => checkpointStep).slice(0, 3)
  return { fake, workbench, runs, count: (name: string) => fake.calls.filter((call) => call.procedure === name).length }
}

describe('what the networks say', () => {
  it('is asked once per run and step, and pictures once each', async () => {
    const { workbench, runs, count } = await open()
    const answers = new TestSetAnswers(workbench.client)
    const { id } = runs[0]!
    await Promise.all([answers.ask(id, 3), answers.ask(id, 3)])
    await answers.ask(id, 3)
    expect(count('inspection.predictions')).toBe(1)
    expect([answers.get(id, 3)?.step, answers.get(id, 4), answers.waiting]).toEqual([3, null, 0])
    await answers.fetchPictures('mnist', [5, 6])
    await answers.fetchPictures('mnist', [6, 7])
    expect(answers.picture('mnist', 7)?.pixels).toHaveLength(28 * 28 * 4)
    expect(count('inspection.images')).toBe(2)
  })

  it('is not asked again after a failure until the user wants it', async () => {
    const { fake, runs } = await open()
    let failing = true
    const invoke: Transport['invoke'] = (procedure, input) =>
      failing && procedure === 'inspection.predictions'
        ? Promise.resolve({ ok: false, error: toWireError(new WorkbenchError('trainer-died', 'The process ended.')) })
        : fake.transport.invoke(procedure, input)
    const answers = new TestSetAnswers(createClient({ ...fake.transport, invoke }))
    const { id } = runs[0]!
    await answers.ask(id, 3)
    expect(answers.problem).toMatch(/^The process ended\./)
    failing = false
    await answers.ask(id, 3)
    expect(answers.get(id, 3)).toBeNull()
    answers.again()
    await answers.ask(id, 3)
    expect(answers.get(id, 3)).not.toBeNull()
  })

  it('can be given up', async () => {
    const { workbench, runs, count } = await open()
    const answers = new TestSetAnswers(workbench.client)
    await answers.cancel()
    await answers.ask(runs[0]!.id, 3)
    expect([answers.stopped, count('inspection.cancel'), count('inspection.predictions')]).toEqual([true, 1, 0])
  })
})

describe('the two runs', () => {
  it('are the first two until others are chosen, and never the same', async () => {
    const { workbench, runs } = await open()
    const [first, second, third] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]]
    const pair = () => chosenPair(workbench.layout, runs)
    expect(pair()).toEqual({ a: first, b: second })
    choosePair(workbench.layout, pair(), { b: first })
    expect(pair()).toEqual({ a: second, b: first })
    choosePair(workbench.layout, pair(), { a: third })
    expect(pair()).toEqual({ a: third, b: first })
    expect(chosenPair(workbench.layout, [first, second])).toEqual({ a: second, b: first })
  })

  it('need a checkpoint and the same data set', async () => {
    const { runs } = await open()
    const [a, b] = [runs[0]!, runs[1]!]
    expect(whyNot({ a, b })).toBeNull()
    expect(whyNot({ a, b: { ...b, checkpointStep: null } })).toBe(
      `“${b.name}” has no checkpoint yet. Train it, then pause or let it finish.`,
    )
    const other = { ...b, spec: { ...b.spec, data: { ...b.spec.data, dataset: 'birds' } } }
    expect(whyNot({ a, b: other })).toContain('birds: only runs of one data set have the same images')
  })

  it('never claim a certainty that is none', () => {
    const judge = (probability: number) => {
      const judgements = { predicted: Uint16Array.of(1), probability: Float32Array.of(probability) }
      const images = { indices: Uint32Array.of(0), labels: Uint16Array.of(0), leftOut: 0 }
      return judgementText({ ...images, classes: ['cat', 'dog'], a: judgements, b: judgements }, judgements, 0)
    }
    expect([0.5, 0.9999, 1].map(judge)).toEqual(['dog, 50 %', 'dog, 99.9 %', 'dog, 100 %'])
  })
})

describe('the difference of two confusion matrices', () => {
  const a = confusionView({ classes: 2, counts: [8, 2, 1, 9] })
  const b = confusionView({ classes: 2, counts: [4, 6, 1, 9] })
  const difference = differenceContent(a, b, ['cat', 'dog'])

  it('is signed, empty where both agree, and said in words', () => {
    expect(difference.cell({ row: 0, column: 0 }, 'light')?.text).toBe('−4')
    expect(difference.cell({ row: 0, column: 1 }, 'light')).toMatchObject({ text: '+4', fill: signedColor(1, 'light') })
    expect(difference.cell({ row: 1, column: 0 }, 'light')).toBeNull()
    expect(difference.sentence({ row: 0, column: 1 })).toBe('true cat, predicted dog: A 2, B 6 (+4)')
    expect(difference.summary).toBe('B recognises −4 images against A')
    expect([signedCount(0), signedCount(-1200)]).toEqual(['0', '−1,200'])
  })

  it('leaves the cells of one network as they are', () => {
    const content = confusionContent(a, ['cat', 'dog'], 'count')
    expect(content.cell({ row: 1, column: 0 }, 'dark')?.text).toBe('1')
    expect(content.summary).toBe('17 of 20 images recognised (85.00 %)')
  })

  it('has numbers that can be read on every colour', () => {
    const levels = Array.from({ length: 101 }, (_, index) => index / 50 - 1)
    for (const theme of ['light', 'dark'] as const) {
      const contrasts = levels.map((level) => {
        const [red, green, blue] = signedColor(level, theme).match(/\d+/g)!.map(Number)
        const below = luminance([red!, green!, blue!])
        return inkOnSigned(level, theme) === '#ffffff' ? 1.05 / (below + 0.05) : (below + 0.05) / 0.05
      })
      expect(Math.min(...contrasts)).toBeGreaterThan(4.5)
    }
  })
})
