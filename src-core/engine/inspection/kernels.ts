import type { AnswerTo } from '../../domain/inspection/answers.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import { tf, type Tensor4D } from '../backend.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { stretchedPictures } from './pictures.ts'

/** So many kernels are shown; the networks of the papers have 96 in their first layer. */
const mostKernels = 64

/**
 * The kernels of the first convolution as pictures, each stretched from its smallest to its largest weight, as
 * Krizhevsky et al. 2012 show them in figure 3: in colour where the input is.
 * @throws WorkbenchError `invalid-value` for a network without a convolution.
 */
export function firstKernels({ weights }: BuiltModel): AnswerTo<'kernels'> {
  const first = weights.find(({ variable }) => variable.shape.length === 4)
  if (!first) throw new WorkbenchError('invalid-value', 'This network has no convolution.')
  return tf.tidy(() => {
    const [, , , filters] = first.variable.shape as [number, number, number, number]
    const shown = Math.min(filters, mostKernels)
    const kernels = tf.transpose(first.variable as unknown as Tensor4D, [3, 0, 1, 2]).slice(0, shown) as Tensor4D
    const layer = first.name.split('/')[0]!
    return { kind: 'kernels', layer, total: filters, kernels: stretchedPictures(kernels) }
  })
}
