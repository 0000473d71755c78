import type { DatasetInfo } from '../../domain/dataset.ts'

export type DatasetPart = 'train' | 'test'

/** An open data set: square images of one size, one label each. */
export interface Dataset {
  readonly info: DatasetInfo
  /**
   * Pixels of the images with these indices, [images, size, size, channels], one byte each, in the order asked for.
   * Always a fresh array: TensorFlow may share the memory it is given.
   */
  readImages(part: DatasetPart, indices: ArrayLike<number>): Uint8Array
  /** Class numbers of the same images, in a fresh array. */
  readLabels(part: DatasetPart, indices: ArrayLike<number>): Int32Array
  close(): void
}
