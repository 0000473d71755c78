import type { Client } from '../../../src-core/contract/client.ts'
import type { DrawnReference } from '../../../src-core/domain/references/drawn-references.ts'
import type { ReferenceCurves } from '../../../src-core/domain/references/reference-curves.ts'
import {
  curveChoicesSchema,
  curveKey,
  firstChoices,
  referenceCurves,
  shownReferences,
  type CurveChoice,
  type ReferenceCurve,
} from '../../lib/charts/references/curve-choices.ts'
import { explain } from '../../lib/error-hints.ts'
import type { LayoutStore } from '../layout/layout-store.svelte.ts'
import type { Notices } from '../notices.svelte.ts'

const section = 'reference-curves'

/** The imported files of curves, and which of their curves are drawn on which charts. */
export class References {
  files = $state.raw<readonly ReferenceCurves[]>([])
  /** Why the last import failed, in words. */
  problem = $state('')
  readonly curves: readonly ReferenceCurve[] = $derived.by(() => referenceCurves(this.files, this.choices))
  /** Those that are switched on, as a report asks for them. */
  readonly drawn: readonly DrawnReference[] = $derived.by(() =>
    shownReferences(this.curves).map(({ referenceId, curve, metric }) => ({ referenceId, curve, metric })),
  )
  private readonly choices: readonly CurveChoice[] = $derived.by(() =>
    this.layout.read(section, curveChoicesSchema, []),
  )
  private loading: Promise<void> | null = null
  private readonly client: Client
  private readonly layout: LayoutStore
  private readonly notices: Notices

  constructor(client: Client, layout: LayoutStore, notices: Notices) {
    this.client = client
    this.layout = layout
    this.notices = notices
  }

  /** Reads the files once, when charts are first shown: they can be large. A failure is told and tried again. */
  load(): Promise<void> {
    this.loading ??= this.read()
    return this.loading
  }

  private async read(): Promise<void> {
    const files = await this.notices.attempt(this.client.call('references.list'))
    if (files) this.files = files
    else this.loading = null
  }

  /**
   * Lets the user choose a CSV file and switches on its curves whose metric is clear. See `problem`.
   * @param metrics those that the charts in sight show, besides the standard ones
   */
  async import(metrics: readonly string[]): Promise<void> {
    this.problem = ''
    try {
      const file = await this.client.call('references.import', { from: 'dialog' })
      if (!file) return
      this.files = [...this.files, file].sort(byName)
      this.write([...this.choices, ...firstChoices(file, metrics)], 'Show imported curves')
    } catch (error) {
      this.problem = explain(error)
    }
  }

  async rename({ id, name: before }: ReferenceCurves, name: string): Promise<void> {
    const wanted = name.trim()
    if (wanted === '' || wanted === before) return
    const done = this.client.call('references.rename', { referenceId: id, name: wanted }).then(() => true)
    if (!(await this.notices.attempt(done))) return
    this.files = this.files.map((file) => (file.id === id ? { ...file, name: wanted } : file)).sort(byName)
  }

  async remove({ id, name }: ReferenceCurves): Promise<void> {
    const done = this.client.call('references.delete', { referenceId: id }).then(() => true)
    if (!(await this.notices.attempt(done))) return
    this.files = this.files.filter((file) => file.id !== id)
    this.write(
      this.choices.filter(({ referenceId }) => referenceId !== id),
      null,
    )
    this.notices.say(`Deleted the reference curves “${name}”.`)
  }

  /** Switches a curve on or off, or gives it another metric. `what` names the change for undo. */
  choose(
    { referenceId, curve, metric, shown }: CurveChoice,
    part: Partial<Pick<CurveChoice, 'metric' | 'shown'>>,
    what: string,
  ): void {
    const choice = { referenceId, curve, metric, shown, ...part }
    const others = this.choices.filter((one) => curveKey(one) !== curveKey(choice))
    this.write([...others, choice], what)
  }

  private write(choices: readonly CurveChoice[], what: string | null): void {
    this.layout.write(section, [...choices], what)
  }
}

function byName(a: ReferenceCurves, b: ReferenceCurves): number {
  return a.name.localeCompare(b.name) || a.id - b.id
}
