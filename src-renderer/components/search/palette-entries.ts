import { cardsOf, metricsOf } from '../../lib/charts/metric-cards.ts'
import { stateWords } from '../../lib/run/run-states.ts'
import { findRuns } from '../../lib/runs/find-runs.ts'
import { textMatcher } from '../../lib/text-match.ts'
import type { Command } from '../../state/commands.svelte.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { compareTabs } from '../compare/tabs.ts'
import { runTabsOf } from '../run/tabs.ts'
import { mostEntries, type SearchEntry } from './search-entry.ts'

export interface PaletteEntry extends SearchEntry {
  readonly act: () => void
}

/** Of the entries that are no runs, at most as many: there is always room for the runs that fit. */
const mostOthers = 30

/** What the palette finds: commands, views, tabs, charts, and the newest runs; `more` are those that have no room. */
export function paletteEntries(
  workbench: Workbench,
  commands: readonly Command[],
  query: string,
): { entries: readonly PaletteEntry[]; more: number } {
  const fits = textMatcher(query)
  const others = [
    ...commands.map(({ id, title, keys, run }) => ({ key: id, title, note: keys ?? '', act: run })),
    ...savedViews(workbench),
    ...runTabs(workbench),
    ...comparisonTabs(workbench),
    ...chartEntries(workbench),
  ].filter(({ title }) => fits(title))
  const shown = others.slice(0, mostOthers)
  const { runs, total } = findRuns(workbench.table.known, query, mostEntries - shown.length)
  const found = runs.map((run) => ({
    key: run.id,
    title: run.name,
    note: stateWords[run.state].word,
    color: run.color,
    act: () => workbench.open(run),
  }))
  return { entries: [...shown, ...found], more: others.length - shown.length + total - found.length }
}

function savedViews({ table, router }: Workbench): PaletteEntry[] {
  return table.layout.views.map((view) => ({
    key: `view ${view.id}`,
    title: `View: ${view.name}`,
    note: 'Runs',
    act: () => {
      table.layout.apply(view)
      router.go({ view: 'runs' })
    },
  }))
}

/** The tabs of the run that is open, or beside the table. */
function runTabs(workbench: Workbench): PaletteEntry[] {
  const { route } = workbench.router
  const run = route.view === 'run' ? workbench.runs.peek(route.runId) : workbench.table.current
  if (!run) return []
  return runTabsOf(run).map(({ value, title }) => ({
    key: `run ${value}`,
    title: `Run: ${title}`,
    note: run.name,
    act: () => {
      workbench.runTab.open(value)
      workbench.open(run)
    },
  }))
}

function comparisonTabs({ comparison, router }: Workbench): PaletteEntry[] {
  return compareTabs.map(({ value, title }) => ({
    key: `compare ${value}`,
    title: `Compare: ${title}`,
    note: '',
    act: () => {
      comparison.openTab(value)
      router.go({ view: 'compare' })
    },
  }))
}

/** The charts of the compared runs. */
function chartEntries(workbench: Workbench): PaletteEntry[] {
  const { charts, comparison } = workbench
  return cardsOf(metricsOf(comparison.runs), charts.settings.derived).flatMap((card) => {
    const pinned = charts.settings.pinned.includes(card.id)
    const pin = pinned ? 'Unpin' : 'Pin'
    return [
      { key: `chart ${card.id}`, title: `Chart: ${card.title}`, note: 'Curves', act: () => workbench.showChart(card) },
      {
        key: `pin ${card.id}`,
        title: `${pin} chart: ${card.title}`,
        note: 'Curves',
        act: () => charts.toggle('pinned', card.id, `${pin} a chart`),
      },
    ]
  })
}
