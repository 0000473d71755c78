/** The colours of a canvas, read from the tokens of the page: a canvas does not understand light-dark(). */
export interface ChartColors {
  readonly ink: string
  readonly quiet: string
  readonly grid: string
  readonly surface: string
}

function resolve(probe: HTMLElement, token: string): string {
  probe.style.color = `var(${token})`
  return getComputedStyle(probe).color
}

export function readChartColors(near: HTMLElement): ChartColors {
  const probe = document.createElement('span')
  near.append(probe)
  const colors = {
    ink: resolve(probe, '--ink'),
    quiet: resolve(probe, '--ink-2'),
    grid: resolve(probe, '--grid'),
    surface: resolve(probe, '--surface'),
  }
  probe.remove()
  return colors
}
