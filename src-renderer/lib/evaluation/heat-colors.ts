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

export type Ink = '#000000' | '#ffffff'

/** Black or white, whichever stands out more from a colour: always at 4.5:1 or more. */
function inkOn(color: Rgb): Ink {
  // Both have the same contrast at sqrt(1.05 * 0.05) - 0.05.
  return luminance(color) > 0.179 ? '#000000' : '#ffffff'
}

export function inkOnHeat(level: number, theme: Theme): Ink {
  return inkOn(heatRgb(level, theme))
}

/** Blue and orange are told apart by all kinds of sight; between them the ground of the page, which says nothing. */
const signed: Record<Theme, { readonly less: Rgb; readonly none: Rgb; readonly more: Rgb }> = {
  light: { less: [0, 90, 156], none: [240, 241, 243], more: [184, 80, 0] },
  dark: { less: [98, 180, 245], none: [42, 44, 49], more: [250, 158, 70] },
}

function signedRgb(level: number, theme: Theme): Rgb {
  const { less, none, more } = signed[theme]
  const [end, share] = [level < 0 ? less : more, Math.min(1, Math.abs(level))]
  const between = (channel: 0 | 1 | 2): number => Math.round(none[channel] + (end[channel] - none[channel]) * share)
  return [between(0), between(1), between(2)]
}

/** Colour of a signed level from -1 to 1, neutral at 0. */
export function signedColor(level: number, theme: Theme): string {
  return `rgb(${signedRgb(level, theme).join(' ')})`
}

export function inkOnSigned(level: number, theme: Theme): Ink {
  return inkOn(signedRgb(level, theme))
}
