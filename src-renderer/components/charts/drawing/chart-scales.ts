import type { ChartOptions } from 'chart.js'
import { timeStep, type Bounds, type Range } from '../../../lib/charts/axis.ts'
import { axisTitles, formatPlace, isTime } from '../../../lib/charts/places.ts'
import type { ChartModel } from '../chart-model.ts'
import type { ChartColors } from '../chart-colors.ts'

type Scales = NonNullable<ChartOptions<'columns'>['scales']>

const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 }

/** The axes as Chart.js wants them told: a hairline grid on y only, few ticks, the title of x at its end. */
export function scalesFor(model: ChartModel, x: Bounds, y: Range, { grid, quiet }: ChartColors): Scales {
  return {
    x: {
      type: model.logarithmicX ? 'logarithmic' : 'linear',
      ...x,
      grid: { display: false },
      border: { color: grid },
      title: { display: true, align: 'end', text: axisTitles[model.axis], color: quiet, font, padding: 0 },
      ticks: {
        color: quiet,
        font,
        maxTicksLimit: 7,
        maxRotation: 0,
        includeBounds: false,
        ...(isTime(model.axis) && !model.logarithmicX ? { stepSize: timeStep(x.max - x.min) } : {}),
        callback: (value) =>
          !model.logarithmicX || isTickOfDecade(Number(value), x) ? formatPlace(model.axis, Number(value)) : null,
      },
    },
    y: {
      type: model.logarithmic ? 'logarithmic' : 'linear',
      min: y.min,
      max: y.max,
      grid: { color: grid, lineWidth: 1, drawTicks: false },
      border: { display: false },
      ticks: {
        color: quiet,
        font,
        padding: 6,
        callback: (value) =>
          !model.logarithmic || isTickOfDecade(Number(value), y) ? model.formatY(Number(value)) : null,
        ...(model.logarithmic ? {} : { stepSize: y.step }),
      },
      afterFit: (scale) => void (scale.width = Math.max(44, scale.width)),
    },
  }
}

/** Of a decade only 1, 2 and 5 are written, and of many decades only 1. */
function isTickOfDecade(value: number, { min, max }: Bounds): boolean {
  const digit = Number((value / 10 ** Math.floor(Math.log10(value))).toPrecision(3))
  return (Math.log10(max / min) > 3 ? [1] : [1, 2, 5]).includes(digit)
}
