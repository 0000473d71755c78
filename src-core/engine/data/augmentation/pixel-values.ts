import type { Augmentation } from '../../../domain/spec/data-spec.ts'
import { tf, type Tensor, type Tensor4D } from '../../backend.ts'
import { statelessNormal, type SeedPair } from '../../kernels/stateless-random.ts'
import type { ImageChange } from './draws.ts'
import type { PrincipalComponents } from './principal-components.ts'

/** What one image adds to each channel: its brightness and, per component, direction * shift * variance. */
export function channelOffsets(
  { brightness, colorShifts }: Pick<ImageChange, 'brightness' | 'colorShifts'>,
  components: PrincipalComponents | null,
  channels: number,
): number[] {
  return Array.from({ length: channels }, (_, channel) =>
    (components?.variances ?? []).reduce(
      (sum, variance, index) => sum + components!.directions[index]![channel]! * colorShifts[index]! * variance,
      brightness,
    ),
  )
}

function changeContrast(images: Tensor4D, changes: readonly ImageChange[]): Tensor {
  const factors = tf.tensor4d(
    Float32Array.from(changes, ({ contrast }) => contrast),
    [changes.length, 1, 1, 1],
  )
  const means = tf.mean(images, [1, 2, 3], true)
  return tf.add(tf.mul(images, factors), tf.mul(means, tf.sub(1, factors)))
}

function addOffsets(images: Tensor, changes: readonly ImageChange[], components: PrincipalComponents | null): Tensor {
  const channels = images.shape[3]!
  const offsets = changes.flatMap((change) => channelOffsets(change, components, channels))
  return tf.add(images, tf.tensor4d(Float32Array.from(offsets), [changes.length, 1, 1, channels]))
}

/**
 * Changes the values of the pixels, in this order: contrast around the mean of the whole image, brightness and colour
 * shift (Krizhevsky et al. 2012, section 4.1), noise. Values are not clipped to 0..1: clipping would make the changes
 * depend on what the picture shows, and bend the noise's distribution.
 * @param images [images, size, size, channels], pixels from 0 to 1
 * @param components needed for a colour shift; otherwise null
 */
export function changePixels(
  images: Tensor4D,
  changes: readonly ImageChange[],
  { augmentation, components, seed }: PixelChanges,
): Tensor4D {
  const { contrast, brightness, colorShift, noise } = augmentation
  return tf.tidy(() => {
    let changed: Tensor = images
    if (contrast > 0) changed = changeContrast(images, changes)
    if (brightness > 0 || colorShift > 0) changed = addOffsets(changed, changes, components)
    if (noise > 0) changed = tf.add(changed, tf.mul(statelessNormal(images.shape, seed), noise))
    return changed as Tensor4D
  })
}

/** What decides the values beside the numbers of each image. */
export interface PixelChanges {
  readonly augmentation: Augmentation
  readonly components: PrincipalComponents | null
  /** Decides the noise. */
  readonly seed: SeedPair
}
