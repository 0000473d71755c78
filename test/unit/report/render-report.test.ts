import { describe, expect, it } from 'vitest'
import type { DrawnSeries } from '../../../src-core/domain/statistics/drawn-series.ts'
import { defaultBlocks } from '../../../src-core/domain/report/report-request.ts'
import type { FoundReference } from '../../../src-core/domain/references/drawn-references.ts'
import type { ReferenceCurves } from '../../../src-core/domain/references/reference-curves.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { buildDocument } from '../../../src-core/report/build-document.ts'
import { thinned } from '../../../src-core/report/charts/thinned.ts'
import { escapeHtml } from '../../../src-core/report/escape.ts'
import type { Evaluation } from '../../../src-core/report/evaluation.ts'
import { looksOf } from '../../../src-core/report/gather-report.ts'
import { renderHtml } from '../../../src-core/report/render-html.ts'
import { renderMarkdown } from '../../../src-core/report/render-markdown.ts'
import type { ReportContent } from '../../../src-core/report/report-content.ts'
import { sampleRun, sampleSummary } from '../../support/sample-run.ts'

const markup = '<img src=x onerror=alert(1)>'

function runNamed(name: string, kind: 'lrn' | 'bn', changes: Partial<Run> = {}): Run {
  return sampleRun({
    id: kind === 'bn' ? 'r0123456789' : 'r9876543210',
    name,
    state: 'finished',
    spec: setAtPath(recipeSpec('alexnet-small'), 'model.normalization.kind', kind),
    activeTime: 61_000,
    best: { metric: 'validation/accuracy', value: 0.975, step: 5, epoch: 1 },
    last: { 'validation/loss': 0.1, 'test/accuracy': 0.97, 'test/top5-error': 0.0123 },
    ...changes,
  })
}

const evaluation: Evaluation = {
  part: 'test',
  step: 10,
  labels: [markup, 'cat', 'dog'],
  confusion: { classes: 3, counts: [8, 2, 0, 1, 4, 5, 0, 0, 0] },
}

function drawn(runId: string, metric: string, values: readonly number[]): DrawnSeries {
  const last = Float64Array.from(values)
  const step = Float64Array.from(values, (_, index) => index + 1)
  const columns = { step, epoch: step, wallTime: step, activeTime: step, last, min: last, max: last, smoothed: last }
  return {
    runId,
    metric,
    columns,
    total: values.length,
    bucket: 1,
    open: 1,
    firstNonFinite: null,
    smoothing: { sum: 0, weights: 0, lastStep: 0, tail: [] },
  }
}

function content(changes: Partial<ReportContent> = {}): ReportContent {
  const runs = changes.runs ?? [runNamed(markup, 'lrn'), runNamed('B', 'bn')]
  return {
    title: `A ${markup}`,
    blocks: defaultBlocks(),
    runs,
    looks: looksOf(runs),
    metrics: ['pretraining/conv2/error'],
    decisive: { metric: 'validation/accuracy', reading: 'best' },
    series: [drawn('r9876543210', 'pretraining/conv2/error', [0.5, 0.25])],
    references: [],
    smoothing: 0.9,
    evaluations: new Map([['r0123456789', evaluation]]),
    profiles: new Map(),
    exports: [],
    datasets: [],
    schemaVersion: 3,
    writtenAt: 0,
    ...changes,
  }
}

const htmlOf = (changes: Partial<ReportContent> = {}): string => renderHtml(buildDocument(content(changes)))
const markdownOf = (changes: Partial<ReportContent> = {}): string => renderMarkdown(buildDocument(content(changes)))

/** Two imported files: one by steps, one by epochs. */
function imported(curve: string, values: readonly number[], by: 'step' | 'epoch'): FoundReference {
  const places = Float64Array.from(values, (_, index) => index + 1)
  const column = Float64Array.from(values)
  const file: ReferenceCurves = {
    ...{ id: by === 'step' ? 1 : 2, name: `paper by ${by} ${markup}`, createdAt: 0 },
    ...{ step: by === 'step' ? places : null, epoch: by === 'epoch' ? places : null },
    curves: [{ label: curve, values: column }],
  }
  return { referenceId: file.id, curve, metric: 'pretraining/conv2/error', file, values: column }
}

describe('imported curves in a report', () => {
  const references = [imported('conv2', [0.4, NaN, 0.3], 'step'), imported('conv2', [0.2, 0.1], 'epoch')]

  it('are grey lines on the chart of their metric, named in its caption and in its numbers', () => {
    const html = htmlOf({ references })
    const chart = html.match(/<svg class="chart".*?<\/svg>/s)![0]
    expect(chart.match(/<g class="marked kneutral">/g)).toHaveLength(1)
    expect(html).toContain(`Grey, from imported files: “${escapeHtml(`paper by step ${markup}`)}”.`)
    expect(html).toContain('Not drawn, because the file has epochs and no steps: “paper by epoch')
    expect(html).not.toContain(markup)
    expect(html).toMatch(/\.kneutral \{ --run/)
    const rows = markdownOf({ references }).match(/^\| [12] \|.*$/gm)
    expect(rows).toEqual(['| 1 | 0.5000 | 0.4000 |', '| 2 | 0.2500 | NaN |'])
  })

  it('of other metrics are left out', () => {
    const other = references.map((one) => ({ ...one, metric: 'train/loss' }))
    expect(htmlOf({ references: other })).toBe(htmlOf())
  })

  it('of many points keep their extremes and gaps', () => {
    const x = Float64Array.from({ length: 10_000 }, (_, index) => index)
    const y = x.map((place) => (place === 5_000 ? 9 : place < 100 ? NaN : Math.sin(place)))
    const { x: places, y: values } = thinned(x, y, 200)
    expect(places.length).toBeLessThanOrEqual(200)
    expect([places[0], values[0]]).toEqual([0, NaN])
    expect(values[places.indexOf(5_000)]).toBe(9)
    expect(thinned(x, y, 10_000)).toEqual({ x, y })
  })
})

describe('the report as HTML', () => {
  const page = htmlOf()

  it('shows names as text', () => {
    expect(page).not.toContain(markup)
    expect(page).toContain(escapeHtml(markup))
  })

  it.each([
    ['markup', '"><script>alert(1)</script>'],
    ['quotes', `'"\`&amp;`],
    ['emoji', '🧪🧪 trial'],
    ['right to left', 'ניסוי \u202eevil'],
    ['200 characters', 'x'.repeat(200)],
  ])('shows a name of %s everywhere as what it is', (_what, name) => {
    const html = htmlOf({ title: name, runs: [runNamed(name, 'lrn'), runNamed('B', 'bn')] })
    expect(html.match(/<script/g)).toBeNull()
    expect(html).toContain(`<bdi>${escapeHtml(name)}</bdi>`)
    expect(html.match(/<h1>/g)).toHaveLength(1)
  })

  it('takes nothing that people typed for markup: notes, tags, classes, files', () => {
    const hostile = '</style></table><svg/onload=alert(1)><a href="javascript:alert(1)">x</a>'
    const notes = [hostile, '![x](javascript:alert(1))', '[x](javascript:alert(1))', '![x](https://example.org/a.png)']
    const runs = [runNamed(hostile, 'lrn', { tags: [hostile] }), runNamed('B', 'bn')]
    const html = htmlOf({
      title: hostile,
      runs,
      blocks: [...defaultBlocks(notes)],
      evaluations: new Map([[runs[0]!.id, { ...evaluation, labels: [hostile, 'cat', 'dog'] }]]),
      exports: [
        {
          id: 1,
          runId: runs[0]!.id,
          format: 'tfjs',
          directory: hostile,
          bytes: 1,
          createdAt: 0,
          check: { images: 1, maxAbsDiff: 0, top1Agreement: 1, onlyStandardLayers: true },
        } as unknown as ReportContent['exports'][number],
      ],
    })
    const tags = [...html.matchAll(/<([a-z]+[1-6]?)\b([^>]*)>/gi)]
    expect(tags.filter(([, tag]) => /^(a|script|iframe|object|img|link|base|form)$/i.test(tag!))).toEqual([])
    expect(tags.filter(([, , attributes]) => /\son\w+=|javascript:|https?:/i.test(attributes!))).toEqual([])
    expect(html.match(/<style>/g)).toHaveLength(1)
    expect(html.match(/<\/style>/g)).toHaveLength(1)
  })

  it('shows tags where there are any', () => {
    expect(page).not.toContain('>Tags</th>')
    const html = htmlOf({ runs: [runNamed('A', 'lrn', { tags: ['baseline', 'wide'] }), runNamed('B', 'bn')] })
    expect(html).toContain('>Tags</th>')
    expect(html).toContain('<td>baseline, wide</td>')
  })

  it('puts what is folded away beside its switch, where paper can show it', () => {
    expect(page).toContain('<details><summary>Numbers behind')
    expect(page).toMatch(/<\/summary><\/details><div class="folded"><div class="scroll/)
    expect(page).not.toMatch(/<\/summary>(?!<\/details>)/)
  })

  it('needs nothing from elsewhere, and forbids it', () => {
    expect(page).not.toMatch(/<script|<a |@import|url\(|<link|<iframe/)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`)
    expect(page).not.toMatch(/ style="/)
  })

  it('is whole where a network cannot be laid out', () => {
    const broken = runNamed('B', 'bn')
    const { model } = broken.spec
    const runs = [runNamed('A', 'lrn'), { ...broken, spec: { ...broken.spec, model: { ...model, removed: [99] } } }]
    expect(markdownOf({ runs })).toContain('The network of “B” cannot be laid out: ')
    expect(markdownOf({ runs: runs.toReversed() })).not.toMatch(/NaN|undefined/)
  })

  it('is the same, byte by byte, for the same record and date', () => {
    expect(htmlOf()).toBe(page)
    expect(htmlOf({ writtenAt: 60_000 })).not.toBe(page)
  })

  it('shows the differing fields alone, and the results', () => {
    expect(page).toContain('<code>model.normalization.kind</code>')
    expect(page).not.toContain('<code>training.seed</code>')
    expect(page).toContain('97.50</td>')
    expect(page).toContain('1 min 01 s')
    expect(page).toContain('Test top-5 error, %')
    expect(page).toContain('1.23</td>')
  })

  it('shows the classes of the last evaluation, of the run that has one', () => {
    expect(page).toContain('B: test images, step 10')
    expect(page).toMatch(/<td>cat<\/td>(<td class="number[^>]*>\d*<\/td>){3}<td class="number">40\.00<\/td>/)
    // A class without images has no accuracy.
    expect(page).toMatch(/<td>dog<\/td>(<td class="number"><\/td>){3}<td class="number">-<\/td>/)
    expect(page.match(/: (test|validation) images, step/g)).toHaveLength(1)
  })

  it('tells per class what the second run recognises more than the first', () => {
    const better = { ...evaluation, confusion: { classes: 3, counts: [9, 1, 0, 1, 4, 5, 0, 0, 0] } }
    const html = htmlOf({ evaluations: new Map([['r9876543210', evaluation], ['r0123456789', better]]) }) // prettier-ignore
    expect(html).toMatch(/80\.00<\/td><td class="number more5">\+10\.00<\/td>/)
  })

  it('leaves out a part that has nothing to say', () => {
    expect(page).toContain('Pre-training conv2 error')
    const plain = htmlOf({ series: [], metrics: [], evaluations: new Map() })
    expect(plain).not.toContain('Pre-training')
    expect(plain).not.toContain('<h2>Classes')
  })

  it('takes the best accuracy from the history when another metric selects the checkpoint', () => {
    const best = { metric: 'validation/loss', value: 0.1, step: 5, epoch: 1 }
    const runs = [runNamed('A', 'bn', { best })]
    const series = [drawn(runs[0]!.id, 'validation/accuracy', [0.5, 0.875, 0.75])]
    const html = htmlOf({ runs, series, metrics: ['validation/accuracy'] })
    expect(html).toContain('<td class="number">87.50</td><td class="number">2</td>')
  })

  it('has its parts in the order that was asked for, with notes between', () => {
    const html = htmlOf({
      blocks: [
        { kind: 'section', section: 'environment' },
        { kind: 'note', text: '**Between** <b>x</b>' },
        { kind: 'section', section: 'summary' },
      ],
    })
    const order = ['id="environment"', '<strong>Between</strong> &lt;b&gt;', 'id="summary"'].map((text) =>
      html.indexOf(text),
    )
    expect(order.every((at) => at > 0)).toBe(true)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(html).not.toContain('id="curves"')
  })
})

describe('what a report says of variants', () => {
  const runsOf = (kind: 'lrn' | 'bn', values: readonly number[], metric = 'test/accuracy'): Run[] =>
    values.map((value, index) => {
      const { spec, ...run } = runNamed(`${kind} ${index}`, kind, { metrics: { [metric]: sampleSummary(value, 5) } })
      return { ...run, id: `${kind}${index}`, spec: setAtPath(spec, 'training.seed', index + 1) }
    })
  const decisive = { metric: 'test/accuracy', reading: 'last' } as const
  const about = (runs: readonly Run[]): string =>
    htmlOf({ runs, decisive, blocks: [{ kind: 'section', section: 'groups' }] })

  it('is the mean of each with its interval, the test of the difference, its size and the seeds needed', () => {
    const html = about([...runsOf('bn', [0.95, 0.96, 0.97]), ...runsOf('lrn', [0.93, 0.945, 0.94])])
    expect(html).toContain('Compared is the last test accuracy of every run.')
    // t(0.975, 2) = 4.3027: 96 ± 4.3027 · 1 / √3.
    expect(html).toMatch(
      /BN<\/td><td class="number">3<\/td><td class="number">96.00<\/td><td class="number">1.00<\/td><td class="number">\[93.52, 98.48\]<\/td><td>1, 2, 3<\/td>/,
    )
    // Twins: their differences are 2, 1.5 and 3 points, 2.167 ± 4.3027 · 0.7638 / √3.
    expect(html).toMatch(/<td>BN against LRN<\/td><td class="number">2.17 \[0.27, 4.06\]<\/td><td>paired t-test<\/td>/)
    expect(html).toMatch(/<th scope="col" class="number">Hedges’ g<\/th>/)
    expect(html).toMatch(/Seeds needed are those of each variant for a chance of 80 % at a level of 5 %/)
    expect(html).toContain('Intervals of differences are at 95 %.')
  })

  it('says of several comparisons how p and the intervals are corrected, and which interval of a mean is cut', () => {
    const others = runsOf('bn', [0.5, 0.6, 0.99]).map((run) => ({
      ...run,
      id: `other-${run.id}`,
      spec: setAtPath(run.spec, 'training.learningRate', 0.5),
    }))
    const html = about([...runsOf('bn', [0.95, 0.96, 0.97]), ...runsOf('lrn', [0.93, 0.945, 0.94]), ...others])
    expect(html).toMatch(/intervals of differences are corrected for 3 comparisons by Holm’s method/)
    expect(html).toContain('The permutation p is not corrected.')
    expect(html).not.toContain('of its pair alone')
    expect(html).toContain(', 100.00]*')
    expect(html).toContain('* Cut: the t-interval of so few seeds goes beyond 0.00 % or 100.00 %')
  })

  it('is no test with one seed each, and who was left out', () => {
    const unfinished = { ...runsOf('lrn', [0.9])[0]!, id: 'x', state: 'failed', totalSteps: 24 } as const
    const html = about([...runsOf('bn', [0.95]), ...runsOf('lrn', [0.93]), unfinished])
    expect(html).toContain('One seed each cannot tell.')
    expect(html).not.toContain('Hedges')
    expect(html).toContain('Left out: lrn 0 failed at step 12 of 24.')
  })
})

describe('the report as Markdown', () => {
  it('keeps names and classes from being markup or columns', () => {
    const text = markdownOf({ runs: [runNamed('a | b **c** <i>', 'lrn'), runNamed('B', 'bn')] })
    expect(text).toContain('| a \\| b \\*\\*c\\*\\* \\<i\\> |')
    expect(text).not.toMatch(/(?<!\\)<img/)
  })

  it('gives numbers for the charts', () => {
    expect(markdownOf()).toContain('| Step | \\<img src=x onerror=alert(1)\\> |')
    expect(markdownOf()).toContain('| 2 | 0.2500 |')
  })
})
