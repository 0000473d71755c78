import type { Confusion } from '../evaluation/confusion.ts'
import type { Predictions } from '../inspection/answers.ts'
import { significanceLevel } from '../statistics/tests/distributions.ts'
import { mcnemar } from '../statistics/tests/counts.ts'
import { countText, pText } from './words.ts'

/** What one network says of the images that both were asked about. */
export interface Judgements {
  readonly predicted: Uint16Array
  /** Of the predicted class. */
  readonly probability: Float32Array
}

/** Two networks on the same images: entry i of every array is about the image at place `indices[i]`. */
export interface SameImages {
  /** Names of the classes, as many as the larger network can predict. */
  readonly classes: readonly string[]
  readonly indices: Uint32Array
  readonly labels: Uint16Array
  readonly a: Judgements
  readonly b: Judgements
  /** Images that only one of the two was tested on. */
  readonly leftOut: number
}

/** Predictions as they are matched: a class's name is its number where the data set has none. */
type Predicted = Pick<Predictions, 'classes' | 'indices' | 'labels' | 'predicted' | 'probability'>

/** Brings together what two networks predicted for the same images, by the images' places in the data set. */
export function matchImages(a: Predicted, b: Predicted): SameImages {
  const placeInB = new Map<number, number>()
  b.indices.forEach((image, place) => placeInB.set(image, place))
  const pairs: [number, number][] = []
  a.indices.forEach((image, place) => {
    const other = placeInB.get(image)
    if (other !== undefined) pairs.push([place, other])
  })
  const [ofA, ofB] = [Uint32Array.from(pairs, ([place]) => place), Uint32Array.from(pairs, ([, place]) => place)]
  return {
    classes: classesOf(a, b),
    indices: Uint32Array.from(ofA, (place) => a.indices[place]!),
    labels: Uint16Array.from(ofA, (place) => a.labels[place]!),
    a: judgementsAt(a, ofA),
    b: judgementsAt(b, ofB),
    leftOut: a.indices.length + b.indices.length - 2 * pairs.length,
  }
}

function judgementsAt({ predicted, probability }: Predicted, places: Uint32Array): Judgements {
  return {
    predicted: Uint16Array.from(places, (place) => predicted[place]!),
    probability: Float32Array.from(places, (place) => probability[place]!),
  }
}

function classesOf(a: Predicted, b: Predicted): string[] {
  const named = a.classes.length >= b.classes.length ? a.classes : b.classes
  const highest = [a.predicted, b.predicted].map((predicted) => predicted.reduce((most, one) => Math.max(most, one), 0))
  const count = Math.max(named.length, ...highest.map((one) => one + 1))
  return Array.from({ length: count }, (_, index) => named[index] ?? `class ${index}`)
}

/** Numbers of images by who gets them right. */
export interface Contingency {
  readonly both: number
  readonly onlyA: number
  readonly onlyB: number
  readonly neither: number
}

/** The two by two table of who gets an image right. */
export function contingency({ labels, a, b }: SameImages): Contingency {
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 }
  labels.forEach((label, image) => {
    const [right, otherRight] = [a.predicted[image] === label, b.predicted[image] === label]
    counts[right ? (otherRight ? 'both' : 'onlyA') : otherRight ? 'onlyB' : 'neither'] += 1
  })
  return counts
}

/** Images that the first gets right and the second wrong, as entries of the matched arrays: the surest mistake first. */
export function disagreements({ labels }: SameImages, right: Judgements, wrong: Judgements): number[] {
  const found: number[] = []
  labels.forEach((label, image) => {
    if (right.predicted[image] === label && wrong.predicted[image] !== label) found.push(image)
  })
  return found.sort((one, other) => wrong.probability[other]! - wrong.probability[one]! || one - other)
}

/** How many images of each class were taken for each. Row by row, the true class first. */
export function confusionOf({ classes, labels }: SameImages, { predicted }: Judgements): Confusion {
  const counts = new Array<number>(classes.length ** 2).fill(0)
  labels.forEach((label, image) => (counts[label * classes.length + predicted[image]!]! += 1))
  return { classes: classes.length, counts }
}

/** One class in both networks. */
export interface ClassDelta {
  readonly index: number
  readonly name: string
  readonly images: number
  /** Shares of the class's images that are recognised. */
  readonly a: number
  readonly b: number
  /** b - a: positive where B is better. */
  readonly delta: number
}

/** The accuracy of every class that has images, in the order of the classes. */
export function classDeltas(same: SameImages): ClassDelta[] {
  const { classes, labels, a, b } = same
  const sums = classes.map(() => ({ images: 0, a: 0, b: 0 }))
  labels.forEach((label, image) => {
    const sum = sums[label]!
    sum.images += 1
    if (a.predicted[image] === label) sum.a += 1
    if (b.predicted[image] === label) sum.b += 1
  })
  return sums.flatMap(({ images, a, b }, index) =>
    images === 0
      ? []
      : [{ index, name: classes[index]!, images, a: a / images, b: b / images, delta: (b - a) / images }],
  )
}

/** McNemar's test of the counts in words: who is better on these images, and whether by more than chance. */
export function testSentences({ onlyA, onlyB }: Contingency): readonly [verdict: string, test: string] {
  const disagree = onlyA + onlyB
  if (disagree === 0) {
    return [
      'A and B get the same images right.',
      'There is no image on which only one of them is right: nothing to test.',
    ]
  }
  const { p, exact } = mcnemar(onlyA, onlyB)
  const ways = exact ? 'exact binomial' : 'chi-square with continuity correction'
  const test = `McNemar's test of the ${countText(disagree, 'image')} on which only one is right, ${ways}: ${pText(p)}.`
  const [better, more, fewer] = onlyA > onlyB ? ['A', onlyA, onlyB] : ['B', onlyB, onlyA]
  if (p >= significanceLevel) {
    return [`The difference may be chance: A alone is right on ${onlyA}, B alone on ${onlyB}.`, test]
  }
  return [`${better} is better on these images: it alone is right on ${more}, the other alone on ${fewer}.`, test]
}
