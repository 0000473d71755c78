import type { Theme } from '../charts/run-colors.ts'

/** Nine places of viridis (van der Walt and Smith, matplotlib 1.5), equally far from each other, dark to bright. */
const viridis = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
] as const

type Rgb = readonly [number, number, number]

function interpolate(level: number): Rgb {
  const at = Math.max(0, Math.min(1, level)) * (viridis.length - 1)
  const index = Math.min(viridis.length - 2, Math.floor(at))
  const [from, to] = [viridis[index]!, viridis[index + 1]!]
  const between = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (at - index))
  return [between(0), between(1), between(2)]
}

/** Colour of a level from 0 to 1: much is dark on a light page and bright on a dark one. */
export function heatRgb(level: number, theme: Theme): Rgb {
  return interpolate(theme === 'light' ? 1 - level : level)
}

export function heatColor(level: number, theme: Theme): string {
  return `rgb(${heatRgb(level, theme).join(' ')})`
}

/** Relative luminance of a colour by WCAG 2. */
export function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number): number => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/** Black or white, whichever stands out more from the colour of a level: always at 4.5:1 or more. */
export function inkOnHeat(level: number, theme: Theme): '#000000' | '#ffffff' {
  // Both have the same contrast at sqrt(1.05 * 0.05) - 0.05.
  return luminance(heatRgb(level, theme)) > 0.179 ? '#000000' : '#ffffff'
}
