import type { Judgements, SameImages } from '../../../../src-core/domain/comparison/test-set.ts'

/** What a network takes an image for, and how sure it is: "4, 98 %". Certainty is not rounded up to 100 %. */
export function judgementText({ classes }: SameImages, { predicted, probability }: Judgements, image: number): string {
  return `${classes[predicted[image]!]!}, ${percentText(probability[image]!)}`
}

function percentText(probability: number): string {
  if (probability >= 0.995 && probability < 1) return `${Math.min(99.9, probability * 100).toFixed(1)} %`
  return `${(probability * 100).toFixed(0)} %`
}
