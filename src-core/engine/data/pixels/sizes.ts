import type { DatasetInfo } from '../../../domain/dataset.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'

/** Sides of the square images on their way into the network, in pixels. */
export interface Sizes {
  readonly stored: number
  /** After resizing; the input is cut out of it. */
  readonly resized: number
  readonly input: number
}

/** @param stored side of the data set's images. */
export function sizesOf({ data, model }: RunSpec, stored: number): Sizes {
  return { stored, resized: data.resize ?? model.input.size, input: model.input.size }
}

/** First row and column of the crop in the middle; the odd pixel is left over below and on the right. */
export function centreOffset(resized: number, input: number): number {
  return Math.floor((resized - input) / 2)
}

/** Grey stays one channel as long as it can: repeating it first would give the same numbers for three times the work. */
export function workingChannels({ channels }: Pick<DatasetInfo, 'channels'>, { model }: RunSpec): 1 | 3 {
  return channels === 1 ? 1 : model.input.channels
}
