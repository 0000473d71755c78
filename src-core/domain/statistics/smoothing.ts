/**
 * Exponential moving average with bias correction, as TensorBoard draws it: after n finite values the running
 * average is divided by 1 - weight^n, so the first values are not pulled towards zero.
 * NaN and infinities pass through and do not count. `weight` in [0, 1); 0 returns the values unchanged.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0
  let correction = 1
  return values.map((value) => {
    if (weight <= 0 || !Number.isFinite(value)) return value
    average = average * weight + (1 - weight) * value
    correction *= weight
    return average / (1 - correction)
  })
}
