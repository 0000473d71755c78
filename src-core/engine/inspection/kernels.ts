import type { AnswerTo } from '../../domain/inspection/answers.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import { mostKernels, type FiltersArtifact } from '../../domain/evaluation/artifact.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { kernelPictures } from './kernel-pictures.ts'

type Kernels = Omit<FiltersArtifact, 'kind' | 'step'>

/** Null for a network without a convolution. */
function readFirstKernels({ weights }: Pick<BuiltModel, 'weights'>): Kernels | null {
  const first = weights.find(({ variable }) => variable.shape.length === 4)
  if (!first) return null
  const shape = first.variable.shape as [number, number, number, number]
  const layer = first.name.split('/')[0]!
  return { layer, total: shape[3], ...kernelPictures(first.variable.dataSync<'float32'>(), shape, mostKernels) }
}

/**
 * The kernels of the first convolution as pictures, each stretched from its smallest to its largest weight, as
 * Krizhevsky et al. 2012 show them in figure 3: in colour where the input is.
 * @throws WorkbenchError `invalid-value` for a network without a convolution.
 */
export function firstKernels(model: BuiltModel): AnswerTo<'kernels'> {
  const read = readFirstKernels(model)
  if (!read) throw new WorkbenchError('invalid-value', 'This network has no convolution.')
  const { layer, total, kernels } = read
  return { kind: 'kernels', layer, total, kernels }
}

/** The same kernels as a run keeps them after a step; null for a network without a convolution. */
export function filtersAfter(step: number, model: Pick<BuiltModel, 'weights'>): FiltersArtifact | null {
  const read = readFirstKernels(model)
  return read && { kind: 'filters', step, ...read }
}
