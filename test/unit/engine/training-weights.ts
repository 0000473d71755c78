import { tf, type Tensor } from '../../../src-core/engine/backend.ts'
import type { NamedWeight } from '../../../src-core/engine/models/named-weights.ts'

/** A weight of its own, outside any network. The caller disposes of the variable. */
export function weightOf(name: string, values: readonly number[], trainable = true): NamedWeight {
  const initial = tf.tensor1d([...values])
  const variable = tf.variable(initial)
  initial.dispose()
  const [owner, part] = name.split('/') as [string, string]
  const role = part === 'kernel' || part === 'bias' ? part : 'normalization'
  return { name, layer: owner.replace('bn', 'conv'), role, trainable, variable }
}

/** Gradients by the names of the variables, as `apply` wants them. */
export function gradientsOf(entries: readonly (readonly [NamedWeight, readonly number[]])[]): Record<string, Tensor> {
  return Object.fromEntries(entries.map(([{ variable }, values]) => [variable.name, tf.tensor1d([...values])]))
}

export function valuesOf({ variable }: NamedWeight): number[] {
  return [...variable.dataSync()]
}
