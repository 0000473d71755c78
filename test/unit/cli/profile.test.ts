import { afterEach, describe, expect, it, vi } from 'vitest'
import { lastProfile, printProfile, type ShownProfile } from '../../../src-cli/profile.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { Artifact } from '../../../src-core/domain/evaluation/artifact.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { newFolder } from '../../support/cli.ts'
import { sampleConfusion, sampleProfile, sampleRun } from '../../support/sample-run.ts'

function recorded(...artifacts: readonly Artifact[]): ShownProfile | null {
  const workspace = openWorkspace(newFolder(), { application: 'a test' })
  try {
    const { id, name, createdAt } = sampleRun()
    workspace.runs.insert({ id, name, spec: recipeSpec('alexnet-small'), parameters: 1, createdAt })
    for (const artifact of artifacts) workspace.artifacts.add(id, artifact)
    return lastProfile(workspace, workspace.runs.find(id)!)
  } finally {
    workspace.close()
  }
}

/** What is printed, line by line, without the spaces at the ends. */
function printed(profile: ShownProfile | null, run = sampleRun()): string[] {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  printProfile(profile, run)
  return write.mock.calls
    .map(([text]) => String(text))
    .join('')
    .split('\n')
    .map((line) => line.trimEnd())
}

afterEach(() => vi.restoreAllMocks())

describe('the last profile of a run', () => {
  it('is the newest, with the sums of its parts and the rows of its layers', () => {
    const profile = recorded(sampleProfile(4), sampleProfile(9), sampleConfusion(9))!
    expect(profile).toMatchObject({ step: 9, firstStep: 8, steps: 2, milliseconds: 20, evaluation: 300 })
    expect(profile.parts).toMatchObject({ forward: 5.75, backward: 9.75, data: 1 })
    expect(profile.layers.map(({ name }) => name)).toEqual(['conv1', 'relu1', 'fc8', 'loss'])
  })

  it('is null for a run without one', () => {
    expect(recorded(sampleConfusion())).toBeNull()
  })

  it('is printed as a table of layers and one of parts, in equal decimals', () => {
    const lines = printed(recorded(sampleProfile(12)))
    expect(lines[0]).toMatch(/^Mean of steps 11 to 12, \d+ images each\.$/)
    expect(lines.find((line) => line.startsWith('conv1'))).toMatch(
      /^conv1 +conv +\d+ x \d+ x \d+ +4\.000 +8\.000 +60\.00 +\d+\.\d +\d+\.\d$/,
    )
    expect(lines.find((line) => line.startsWith('relu1'))).toMatch(/0\.500 +0\.500 +5\.00$/)
    expect(lines.find((line) => line.startsWith('loss'))).toMatch(/^loss +loss +0\.250 +0\.250 +2\.50$/)
    expect(lines.find((line) => line.startsWith('Data wait'))).toMatch(/^Data wait +1\.000 +5\.00 +until the batch/)
    expect(lines).toContain('Whole step   20.000 ms')
    expect(lines).toContain('Evaluations  300 ms since the profile before, beside the steps')
    expect(lines.join()).not.toContain('GPU after')
  })

  it('says when its steps were synchronised', () => {
    const { profile } = sampleProfile()
    const gpu = recorded({
      kind: 'profile',
      step: 480,
      profile: { ...profile, firstStep: 2, steps: 5, synchronised: true },
    })
    const lines = printed(gpu)
    expect(lines[0]).toMatch(/^Mean of 5 of the steps 2 to 480,/)
    expect(lines[1]).toBe('Measured in steps that waited for the GPU after every part.')
  })

  it.each([
    ['running', 'none', 'No profile yet. The first one comes after about 20 steps, or at the end of a shorter epoch.'],
    [
      'queued',
      'rbm',
      'No profile yet. The first one comes after about 20 steps of the training with labels, or at the end of a shorter epoch.',
    ],
    [
      'paused',
      'none',
      'No profile yet. The first one comes after about 20 steps, or at the end of a shorter epoch, once the run goes on.',
    ],
    [
      'finished',
      'none',
      'No profile: the run ended before its second step, or was trained by a version of Ablate that made none.',
    ],
  ] as const)('that is missing in a run that is %s and pre-trained by %s says why', (state, kind, sentence) => {
    const spec = recipeSpec('alexnet-small')
    spec.training.pretraining.kind = kind
    expect(printed(null, sampleRun({ state, spec }))).toEqual([sentence, ''])
  })
})
