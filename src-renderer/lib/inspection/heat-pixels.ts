import type { Heat } from '../../../src-core/domain/inspection/answers.ts'
import { heatRgb } from '../evaluation/heat-colors.ts'

/**
 * A heat map's pixels for a canvas: size x size values of red, green, blue and opacity, from dark at nothing to bright
 * at the largest value. What is below nothing, where covering a place raised the probability, is drawn as nothing.
 */
export function heatPixels({ size, values }: Heat): Uint8ClampedArray<ArrayBuffer> {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0)
  const rgba = new Uint8ClampedArray(size * size * 4).fill(255)
  values.forEach((value, place) => {
    rgba.set(heatRgb(most > 0 ? Math.max(0, value) / most : 0, 'dark'), place * 4)
  })
  return rgba
}
