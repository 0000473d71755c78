import { recipeSpec } from './recipes.ts'
import type { RunSpec } from './run-spec.ts'
import { withAssignments } from './templates.ts'

function variant(kind: 'lrn' | 'bn'): RunSpec {
  return withAssignments(recipeSpec('alexnet-small'), {
    'model.normalization.kind': kind,
    'model.normalization.blocks': [1, 2],
    'data.trainImages': 6000,
    'data.testImages': 1000,
    'training.epochs': 3,
    'training.seed': 1,
  })
}

/** What the first launch and `ablate quickstart` offer: two runs that differ in nothing but their normalisation. */
export const sampleExperiment: {
  readonly title: string
  readonly runs: readonly { readonly name: string; readonly spec: RunSpec }[]
} = {
  title: 'LRN against batch normalisation on MNIST',
  runs: [
    { name: 'Small AlexNet, LRN', spec: variant('lrn') },
    { name: 'Small AlexNet, batch normalisation', spec: variant('bn') },
  ],
}
