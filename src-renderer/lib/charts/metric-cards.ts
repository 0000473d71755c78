import { metricTitle, metricUnit } from '../../../src-core/domain/evaluation/metric-words.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { DerivedMetric } from './chart-settings.ts'

/** A card of the comparison: one metric, or one formula. */
export interface MetricCard {
  /** The metric's name, or `derived:` with the formula's name. */
  readonly id: string
  readonly title: string
  readonly unit?: string
  readonly section: string
  readonly derived: DerivedMetric | null
}

export interface CardSection {
  readonly id: string
  readonly title: string
  readonly cards: readonly MetricCard[]
}

/** The sections in their order, by the prefix of the metrics' names; those that are not listed come after them. */
const sectionTitles: Readonly<Record<string, string>> = {
  pinned: 'Pinned',
  derived: 'Formulas',
  validation: 'Validation',
  train: 'Training',
  test: 'Test',
  pretraining: 'Pre-training',
  profile: 'Profile',
  system: 'System',
}
/** Metrics that come first in their section, in this order. */
const first: readonly string[] = Object.values(metricNames)

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Every metric that one of the runs has, in the order of sections. */
export function metricsOf(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap(({ last }) => Object.keys(last)))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  )
}

function rank(metric: string): number {
  const index = first.indexOf(metric)
  return index < 0 ? first.length : index
}

export function cardsOf(metrics: readonly string[], derived: readonly DerivedMetric[]): MetricCard[] {
  const formulas = derived.map((one) => ({
    id: `derived:${one.name}`,
    title: one.name,
    section: 'derived',
    derived: one,
  }))
  const plain = metrics.map((metric): MetricCard => {
    const unit = metricUnit(metric)
    const section = metric.split('/')[0]!
    return { id: metric, title: metricTitle(metric), section, derived: null, ...(unit ? { unit } : {}) }
  })
  return [...formulas, ...plain]
}

interface Arrangement {
  readonly pinned: readonly string[]
  readonly order: readonly string[]
}

/** The cards in sections: the pinned ones first, in each those that were moved at their place. */
export function sectionsOf(cards: readonly MetricCard[], { pinned, order }: Arrangement): CardSection[] {
  const sectionOf = (card: MetricCard): string => (pinned.includes(card.id) ? 'pinned' : card.section)
  const known = Object.keys(sectionTitles)
  const ids = [...new Set([...known, ...cards.map(sectionOf)])]
  return ids
    .map((id) => ({
      id,
      title: sectionTitles[id] ?? capital(id),
      cards: inOrder(
        cards.filter((card) => sectionOf(card) === id),
        order,
      ),
    }))
    .filter(({ cards }) => cards.length > 0)
}

function inOrder(cards: readonly MetricCard[], order: readonly string[]): MetricCard[] {
  const placed = cards.filter(({ id }) => order.includes(id)).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  return [...placed, ...cards.filter(({ id }) => !order.includes(id))]
}

/** The order after a card was moved to a place among the cards of its section. */
export function movedOrder(section: readonly string[], order: readonly string[], id: string, place: number): string[] {
  const others = section.filter((other) => other !== id)
  const moved = others.toSpliced(Math.max(0, Math.min(others.length, place)), 0, id)
  return [...order.filter((other) => !section.includes(other)), ...moved]
}
