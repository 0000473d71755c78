import type { ModelSpec } from '../spec/model-spec.ts'
import { dropoutLayers, plainLayer, scaledWidth, type LayerPlan } from './layer-plan.ts'
import { planDenseNormalization } from './normalization-plan.ts'

export function planDense(name: string, inputs: number, units: number): LayerPlan {
  const params = (inputs + 1) * units
  return { name, type: 'dense', output: [units], params, trainable: params, macs: inputs * units }
}

/** A hidden fully connected block. Its number goes on from that of the last convolution: fc6 follows conv5. */
export function planDenseBlock(model: ModelSpec, index: number, inputs: number): LayerPlan[] {
  const number = model.convolutions.length + index + 1
  const layer = model.dense[index]!
  const units = scaledWidth(layer.units, model.widthMultiplier)
  const { rate, position } = layer.dropout ?? model.dropout
  const name = `drop${number}`
  return [
    ...(position === 'before-dense' ? dropoutLayers(name, rate, [inputs]) : []),
    planDense(`fc${number}`, inputs, units),
    ...planDenseNormalization(model, number, 'before-activation', [units]),
    plainLayer(`${model.activation}${number}`, model.activation, [units]),
    ...(position === 'after-activation' ? dropoutLayers(name, rate, [units]) : []),
    ...planDenseNormalization(model, number, 'after-activation', [units]),
  ]
}
