import { deriveSeed, uniformGenerator } from '../../../domain/random.ts'
import type { Augmentation } from '../../../domain/spec/data-spec.ts'

/** The random numbers of one training image. */
export interface ImageChange {
  /** Row and column at which the input is cut out of the resized image, in pixels. */
  readonly cropRow: number
  readonly cropColumn: number
  readonly mirrored: boolean
  /** In radians; positive turns the picture clockwise. */
  readonly angle: number
  readonly scale: number
  /** How far the picture moves down and to the right, in pixels. */
  readonly shiftDown: number
  readonly shiftRight: number
  readonly contrast: number
  readonly brightness: number
  /** Standard normal numbers times `colorShift`, one for each principal component. */
  readonly colorShifts: readonly [number, number, number]
}

/** Where an image stands in a run. */
export interface DrawPosition {
  readonly runSeed: number
  readonly finishedSteps: number
  readonly place: number
}

type Uniform = () => number

/** Standard normal (Box and Muller 1958). */
function normal(random: Uniform): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/** Uniform among the whole numbers from `first` to `last`. */
function wholeNumber(random: Uniform, first: number, last: number): number {
  return first + Math.floor(random() * (last - first + 1))
}

function within(random: Uniform, limit: number): number {
  return (2 * random() - 1) * limit
}

/**
 * Draws the changes of one image: a pure function of seed, finished steps and place in the batch. Every number is
 * drawn whether it is used or not, so that switching one change on or off leaves the others as they were.
 * @param room pixels by which the resized image is larger than the input.
 */
export function drawImageChange(augmentation: Augmentation, position: DrawPosition, room: number): ImageChange {
  const step = deriveSeed(position.runSeed, 'augment', position.finishedSteps)
  const random = uniformGenerator(deriveSeed(step, 'image', position.place))
  const { translation, randomCrop, colorShift } = augmentation
  const centre = Math.floor(room / 2)
  const crop = [wholeNumber(random, 0, room), wholeNumber(random, 0, room)] as const
  return {
    cropRow: randomCrop ? crop[0] : centre,
    cropColumn: randomCrop ? crop[1] : centre,
    mirrored: random() < 0.5 && augmentation.flip,
    angle: (within(random, augmentation.rotation) * Math.PI) / 180,
    scale: 1 + within(random, augmentation.scaling),
    shiftDown: wholeNumber(random, -translation, translation),
    shiftRight: wholeNumber(random, -translation, translation),
    contrast: 1 + within(random, augmentation.contrast),
    brightness: within(random, augmentation.brightness),
    colorShifts: [normal(random) * colorShift, normal(random) * colorShift, normal(random) * colorShift],
  }
}

/** The two numbers that decide the noise of a whole batch. */
export function noiseSeed(runSeed: number, finishedSteps: number): readonly [number, number] {
  return [deriveSeed(runSeed, 'augment/noise', finishedSteps), 0]
}
