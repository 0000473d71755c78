import { higherIsBetter } from '../metrics.ts'
import type { Run } from '../run.ts'
import { flattenSpec } from '../spec/paths.ts'
import type { QuerySource } from './evaluate.ts'
import type { Statistic } from './query.ts'
import { meaningOf, shortNames, type Meaning } from './short-names.ts'

/** The summary of a run's metric; null when the run has no such value. */
export type FindSummary = (runId: string, metric: string, statistic: 'last' | 'min' | 'max') => number | null

/** The fields of a run that are not its spec's. */
export const runFieldReaders: Readonly<Record<string, (run: Run) => unknown>> = {
  id: (run) => run.id,
  name: (run) => run.name,
  state: (run) => run.state,
  step: (run) => run.step,
  epoch: (run) => run.epoch,
  progress: (run) => (run.totalSteps ? run.step / run.totalSteps : 0),
  parameters: (run) => run.parameters,
  activeTime: (run) => run.activeTime / 1000,
  imagesPerSecond: (run) => run.imagesPerSecond,
  createdAt: (run) => new Date(run.createdAt).toISOString(),
  notes: (run) => run.notes,
  tags: (run) => run.tags,
  best: (run) => run.best?.value ?? null,
  bestStep: (run) => run.best?.step ?? null,
  error: (run) => run.error?.message ?? null,
}

/** The value at the end of a path through plain data; undefined where there is none. */
export function valueAtPath(value: unknown, keys: readonly string[]): unknown {
  let at: unknown = value
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string, unknown>)[key]
  }
  return at
}

/** What plain words are looked for in: the words by which a person tells runs apart. */
export function runText(run: Run): string {
  const { model, recipe, training } = run.spec
  const facts = [
    run.name,
    run.id,
    run.state,
    recipe,
    normalizationWords[model.normalization.kind],
    `seed ${training.seed}`,
    `dropout ${model.dropout.rate}`,
    training.optimizer,
    training.schedule.kind,
    training.pretraining.kind === 'none' ? '' : training.pretraining.kind,
    ...run.tags,
  ]
  return facts.join(' ').toLowerCase()
}

const normalizationWords = { none: 'none', lrn: 'LRN', bn: 'BN', gn: 'GN' } as const

/**
 * Runs as the rows of a query. `specs` say which fields there are. A name that is neither a field's nor a metric's is
 * taken for a short one: `dropout`, `accuracy`, `batchSize`.
 * @param headOf what a name means that somebody has read at the head of a column.
 */
export function runSource(
  specs: () => readonly Run['spec'][],
  metricNames: () => readonly string[],
  summary: FindSummary,
  headOf: (name: string) => Meaning | null = () => null,
): QuerySource<Run> {
  const paths = once(() => [...new Set(specs().flatMap((spec) => Object.keys(flattenSpec(spec))))])
  const metrics = once(metricNames)
  const fields = once(() => [...Object.keys(runFieldReaders), ...paths()])
  const meant = (name: string): Meaning | null => meaningOf(name, fields(), metrics()) ?? headOf(name)
  const fieldReader = (name: string): ((run: Run) => unknown) | null => {
    const own = Object.hasOwn(runFieldReaders, name) ? runFieldReaders[name] : undefined
    if (own) return own
    if (!paths().includes(name)) return null
    const keys = name.split('.')
    return ({ spec }) => valueAtPath(spec, keys)
  }
  const metricReader = (statistic: Statistic, name: string): ((run: Run) => number | null) | null => {
    if (!metrics().includes(name)) return null
    const which = statisticOf(statistic, name)
    return ({ id }) => summary(id, name, which)
  }
  return {
    field: (name) => {
      const found = fieldReader(name)
      if (found) return found
      const meaning = meant(name)
      if (meaning?.kind === 'metric') return metricReader(meaning.statistic, meaning.name)
      return meaning && fieldReader(meaning.name)
    },
    metric: (statistic, name) => {
      const meaning = metrics().includes(name) ? null : meant(name)
      return metricReader(statistic, meaning?.kind === 'metric' ? meaning.name : name)
    },
    tags: ({ tags }) => tags,
    text: runText,
    fieldNames: () => [...fields(), ...shortNames],
    metricNames: metrics,
  }
}

/** The best value of a metric is its largest or its smallest one. */
export function statisticOf(statistic: Statistic, metric: string): 'last' | 'min' | 'max' {
  if (statistic !== 'best') return statistic
  return higherIsBetter(metric) ? 'max' : 'min'
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null
  return () => (made ??= { value: make() }).value
}
