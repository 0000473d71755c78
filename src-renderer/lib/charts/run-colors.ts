/**
 * Eight colours per theme, found by search: each has a contrast of at least 3:1 to its background, and each pair
 * stays apart (CIE76 above 20) for normal sight, protanopia and deuteranopia. The first three are Okabe and Ito's.
 */
const light = ['#0072b2', '#d55e00', '#00846b', '#4422aa', '#bb8855', '#662266', '#7788ff', '#444400']
const dark = ['#56b4e9', '#f28e2b', '#33c2a0', '#9988ff', '#ddcc77', '#cc55aa', '#ee5544', '#bb6666']
const names = ['Blue', 'Orange', 'Green', 'Violet', 'Sand', 'Plum', 'Periwinkle or red', 'Olive or rose']

/** Line patterns in pixels; the first is solid. */
const dashes: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 3],
  [8, 3, 2, 3],
  [12, 4],
  [2, 6],
  [8, 3, 2, 3, 2, 3],
  [12, 3, 4, 3],
]
const dashNames = [
  'solid',
  'dashed',
  'dotted',
  'dash-dotted',
  'long dashes',
  'wide dots',
  'dash-dot-dot',
  'long and short',
]

export const paletteSize = light.length
export const dashCount = dashes.length

export type Theme = 'light' | 'dark'

/** A run's colour on a canvas. */
export function runColor(index: number, theme: Theme): string {
  return (theme === 'light' ? light : dark)[index % paletteSize]!
}

/** A run's colour as a CSS value that follows the theme. */
export function runColorCss(index: number): string {
  return `light-dark(${runColor(index, 'light')}, ${runColor(index, 'dark')})`
}

/** Beyond the palette's size the pattern changes, so that no two of the first 64 indices look alike. */
export function runDash(index: number): readonly number[] {
  return dashes[Math.floor(index / paletteSize) % dashes.length]!
}

export function runColorName(index: number): string {
  const dash = Math.floor(index / paletteSize) % dashes.length
  return names[index % paletteSize]! + (dash === 0 ? '' : `, ${dashNames[dash]}`)
}

export function dashPattern(dash: number): readonly number[] {
  return dashes[dash % dashes.length]!
}

export function dashName(dash: number): string {
  return dashNames[dash % dashes.length]!
}

/** The same colour with an opacity, for the raw line behind the smoothed one. */
export function withOpacity(hex: string, opacity: number): string {
  return (
    hex +
    Math.round(opacity * 255)
      .toString(16)
      .padStart(2, '0')
  )
}
