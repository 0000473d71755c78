import { tf } from '../backend.ts'
import { GroupedConv2D } from './grouped-conv2d.ts'
import { GroupNormalization } from './group-normalization.ts'
import { LocalResponseNormalization } from './local-response-normalization.ts'

type RegisteredClass = Parameters<typeof tf.serialization.registerClass>[0]

/** The layers that TensorFlow.js does not have. */
const customLayers = [LocalResponseNormalization, GroupedConv2D, GroupNormalization]

/** Makes saved models with our own layers loadable by this process, with these classes. */
export function registerCustomLayers(): void {
  for (const layer of customLayers) tf.serialization.registerClass(layer as unknown as RegisteredClass)
}

registerCustomLayers()
