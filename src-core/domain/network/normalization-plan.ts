import { WorkbenchError } from '../errors.ts'
import type { ModelSpec } from '../spec/model-spec.ts'
import { plainLayer, shapeText, type LayerPlan } from './layer-plan.ts'

/** gamma and beta are trained; the moving mean and variance are not. */
function batchNormalization(name: string, output: readonly number[]): LayerPlan {
  const channels = output.at(-1)!
  return { ...plainLayer(name, 'bn', output), params: 4 * channels, trainable: 2 * channels }
}

function groupNormalization(name: string, output: readonly number[], groups: number): LayerPlan {
  const channels = output.at(-1)!
  if (channels % groups !== 0) {
    throw new WorkbenchError(
      'invalid-value',
      `${name}: ${groups} groups do not divide the ${channels} channels of its input ${shapeText(output)}. ` +
        'Choose another model.normalization.gn.groups.',
      { path: 'model.normalization.gn.groups', layer: name, groups, channels },
    )
  }
  return { ...plainLayer(name, 'gn', output), params: 2 * channels, trainable: 2 * channels }
}

/** The normalisation of a convolutional block, for the place at which it sits; none elsewhere. */
export function planNormalization(
  { normalization }: ModelSpec,
  number: number,
  position: ModelSpec['normalization']['position'],
  output: readonly number[],
): LayerPlan[] {
  if (normalization.position !== position || !normalization.blocks.includes(number)) return []
  const { kind, gn } = normalization
  if (kind === 'bn') return [batchNormalization(`bn${number}`, output)]
  if (kind === 'gn') return [groupNormalization(`gn${number}`, output, gn.groups)]
  return kind === 'lrn' ? [plainLayer(`lrn${number}`, 'lrn', output)] : []
}

/** The normalisation of a hidden fully connected block. LRN knows channels of images only. */
export function planDenseNormalization(
  { normalization }: ModelSpec,
  number: number,
  position: ModelSpec['normalization']['densePosition'],
  output: readonly number[],
): LayerPlan[] {
  if (normalization.densePosition !== position) return []
  const kind = normalization.dense === 'same' ? normalization.kind : normalization.dense
  if (kind === 'bn') return [batchNormalization(`bn${number}`, output)]
  return kind === 'gn' ? [groupNormalization(`gn${number}`, output, normalization.gn.groups)] : []
}
