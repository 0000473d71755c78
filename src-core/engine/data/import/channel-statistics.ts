/** Counts the bytes of images, channel by channel, so that mean and deviation are exact however many there are. */
export class ChannelStatistics {
  readonly #counts: Float64Array
  readonly #channels: number

  constructor(channels: number) {
    this.#channels = channels
    this.#counts = new Float64Array(channels * 256)
  }

  /** @param pixels [pixels, channels] */
  add(pixels: Uint8Array): void {
    const [counts, channels] = [this.#counts, this.#channels]
    for (let channel = 0; channel < channels; channel++) {
      const first = channel * 256
      for (let i = channel; i < pixels.length; i += channels) counts[first + pixels[i]!]!++
    }
  }

  /** Mean and population deviation of value/255 per channel; a channel of one value only deviates by 1. */
  result(): { readonly mean: number[]; readonly standardDeviation: number[] } {
    const each = Array.from({ length: this.#channels }, (_, channel) => this.#ofChannel(channel))
    return { mean: each.map(({ mean }) => mean), standardDeviation: each.map(({ deviation }) => deviation || 1) }
  }

  #ofChannel(channel: number): { mean: number; deviation: number } {
    const counts = this.#counts.subarray(channel * 256, (channel + 1) * 256)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / total
    const variance = counts.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0) / total
    return { mean: mean / 255, deviation: Math.sqrt(variance) / 255 }
  }
}
