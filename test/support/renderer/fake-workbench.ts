import { reportSectionTitles } from '../../../src-core/domain/report/report-request.ts'
import { renderBody } from '../../../src-core/report/render-html.ts'
import { reportStyle } from '../../../src-core/report/style.ts'
import { dispatch } from '../../../src-core/contract/dispatcher.ts'
import { events, type EventName, type EventPayload } from '../../../src-core/contract/events.ts'
import type { Handlers, RunEvent } from '../../../src-core/contract/procedures/index.ts'
import { defaultSettings, type Settings } from '../../../src-core/domain/settings.ts'
import type { Transport } from '../../../src-core/contract/transport.ts'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import type { Grid } from '../../../src-core/domain/grid/grid.ts'
import type { Layout, SavedView } from '../../../src-core/domain/layout.ts'
import { newRunId } from '../../../src-core/domain/ids.ts'
import type { ExportRecord } from '../../../src-core/domain/model-export.ts'
import { isActive, transition, type RunState } from '../../../src-core/domain/run-status.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { bucketed, sampleExport } from './fake-answers.ts'
import { sampleCheckpoints, samplePreview, type SampleArtifact } from './sample-artifacts.ts'
import { parseCurves } from '../../../src-core/domain/references/parse-curves.ts'
import type { ReferenceCurves } from '../../../src-core/domain/references/reference-curves.ts'
import { packRunList } from '../../../src-core/domain/run-list/run-list.ts'
import { runListOf } from '../run-list.ts'
import { sampleAnswer, samplePictures, samplePredictions } from '../sample-answers.ts'
import { drawnSeries } from '../drawn-series.ts'
import { sampleReference } from '../sample-reference.ts'
import { samplePreflight } from '../sample-run.ts'
import { advance, futureOf, newRun, sampleEnvironment, type SampleRun } from './sample-runs.ts'

const tickTime = 500
const stepsPerTick = 12

/**
 * Main in memory: keeps the promises of the contract (states, queue, trash, history, live records) without training.
 * Answers go through the real dispatcher, so what it says is what the schemas allow.
 */
export class FakeWorkbench {
  /** Every call that was made, for tests that count them. */
  readonly calls: { procedure: string; input: unknown }[] = []
  private readonly samples = new Map<string, SampleRun>()
  private readonly listeners = new Map<string, Set<(payload: unknown) => void>>()
  private readonly log = new Map<string, RunEvent[]>()
  private exportRecords: ExportRecord[] = []
  private settings: Settings = defaultSettings
  private layout: Layout = {}
  private views: readonly SavedView[] = []
  private references: readonly ReferenceCurves[] = []
  private grids: Grid[] = []
  private timer: ReturnType<typeof setInterval> | undefined

  constructor(samples: readonly SampleRun[]) {
    for (const sample of samples) this.samples.set(sample.run.id, sample)
    this.renumber()
    for (const sample of samples) this.rememberPast(sample)
  }

  readonly transport: Transport = {
    invoke: async (procedure, input) => {
      this.calls.push({ procedure, input })
      return structuredClone(await dispatch(this.handlers, procedure, input, (error) => console.error(error)))
    },
    subscribe: (event, listener) => {
      const set = this.listeners.get(event) ?? new Set()
      this.listeners.set(event, set.add(listener))
      return () => void set.delete(listener)
    },
  }

  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    const parsed = events[name].parse(payload)
    this.listeners.get(name)?.forEach((listener) => listener(structuredClone(parsed)))
  }

  /** Lets the running run advance, and the next of the queue follow it. */
  train(): void {
    this.timer ??= setInterval(() => this.tick(), tickTime)
  }

  stopTraining(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** One tick of training: some steps of the running run, or the start of the next one. */
  tick(steps = stepsPerTick): void {
    const running = this.runs().find((run) => isActive(run.state))
    const next = this.queue()[0]
    if (running) this.step(running.id, steps)
    else if (next) this.begin(next.id)
  }

  private begin(id: string): void {
    this.update(id, { state: 'preparing', queuePosition: null })
    this.renumber()
    this.update(id, {
      state: 'running',
      startedAt: this.find(id).run.startedAt ?? Date.now(),
      environment: sampleEnvironment,
    })
    this.note(id, 'state', 'Training began on the processor with 8 threads.')
  }

  private step(id: string, steps: number): void {
    const sample = this.find(id)
    const from = sample.run.step
    const to = Math.min(sample.records.length, from + steps)
    const records = sample.records.slice(from, to)
    sample.run = advance(sample, to)
    this.emit('metrics.appended', { runId: id, records })
    for (const { header } of sample.artifacts) {
      if (header.step > from && header.step <= to) this.emit('artifact.recorded', { runId: id, artifact: header })
    }
    const finished = to === sample.records.length
    this.update(id, finished ? { state: 'finished', endedAt: Date.now(), checkpointStep: to } : {})
    if (finished) this.note(id, 'state', 'Finished.')
  }

  private readonly handlers: Handlers = {
    'app.info': () => ({
      version: '0.1.0',
      electron: '45.4.1',
      chromium: '148.0',
      node: '24.15.0',
      workspace: '/home/ada/.config/Ablate/workspace',
      machine: { cpu: 'AMD Ryzen 7 7840U', threads: 16, memoryMib: 31_874, platform: 'linux x64' },
      environment: this.runs().find((run) => run.environment)?.environment ?? null,
      sandboxed: true,
    }),
    'app.usage': () => ({
      databaseBytes: 9_412_608,
      checkpointBytes: 412_335_104,
      datasetBytes: 0,
      exportBytes: 41_943_040,
    }),
    'app.openWorkspaceFolder': () => undefined,
    'settings.get': () => this.settings,
    'settings.update': (change) => {
      this.settings = { ...this.settings, ...change }
      this.emit('settings.changed', { settings: this.settings })
      return this.settings
    },
    'datasets.list': () => [mnistInfo],

    'runs.columns': () => packRunList(runListOf(this.runs())),
    'runs.setTags': ({ runIds, add, remove }) => {
      for (const id of runIds) {
        const kept = this.find(id).run.tags.filter((tag) => !remove.includes(tag) && !add.includes(tag))
        this.update(id, { tags: [...kept, ...add].sort() })
      }
    },
    'runs.setNotes': ({ runIds, notes }) => {
      for (const id of runIds) this.update(id, { notes })
    },
    'runs.list': ({ deleted }) => this.runs().filter((run) => (run.deletedAt !== null) === deleted),
    'runs.get': ({ runId }) => this.find(runId).run,
    'runs.create': ({ name, spec, start }) => {
      const run = newRun(newRunId(), name, spec, this.samples.size % 64, Date.now())
      this.samples.set(run.id, { run, ...futureOf(run, this.samples.size, Date.now()) })
      this.note(run.id, 'state', 'Created.')
      return start ? this.enqueue(run.id) : this.update(run.id, {})
    },
    'runs.createAll': async ({ runs, start, grid }) => {
      const created = await Promise.all(runs.map((run) => this.handlers['runs.create']({ ...run, start })))
      if (grid) {
        const { cells, ...definition } = grid
        const members = created.map(({ id }, index) => ({ runId: id, cell: cells[index]! }))
        this.grids = [{ ...definition, id: this.grids.length + 1, createdAt: Date.now(), runs: members }, ...this.grids]
      }
      return created
    },
    'grids.list': () => this.grids,
    'runs.pause': ({ runId }) => this.end(runId, 'pausing', 'paused'),
    'runs.resume': ({ runId }) => this.enqueue(runId),
    'runs.stop': ({ runId }) => this.end(runId, 'stopping', 'stopped'),
    'runs.rename': ({ runId, name }) => this.update(runId, { name }),
    'runs.recolor': ({ runId, color }) => this.update(runId, { color }),
    'runs.delete': ({ runId }) => {
      const { run } = this.find(runId)
      if (isActive(run.state)) throw new WorkbenchError('run-busy', `“${run.name}” is training and cannot be deleted.`)
      const stopped = run.state === 'queued' ? { state: 'stopped' as const, queuePosition: null } : {}
      const deleted = this.update(runId, { ...stopped, deletedAt: Date.now() })
      this.renumber()
      return deleted
    },
    'runs.restore': ({ runId }) => this.update(runId, { deletedAt: null }),
    'runs.purge': ({ runId }) => {
      this.samples.delete(runId)
      this.emit('run.purged', { runId })
    },
    'runs.reorder': ({ runId, position }) => {
      const others = this.queue().filter(({ id }) => id !== runId)
      others.splice(position, 0, this.find(runId).run)
      return others.map(({ id }, place) => this.update(id, { queuePosition: place }))
    },
    'runs.events': ({ runId }) => this.log.get(runId) ?? [],

    'checkpoints.list': ({ runId }) => sampleCheckpoints(this.find(runId)),
    'artifacts.list': ({ runId }) => this.artifactsOf(runId).map(({ header }) => header),
    'artifacts.get': ({ artifactId }) => {
      const found = this.runs()
        .flatMap(({ id }) => this.artifactsOf(id))
        .find(({ header }) => header.id === artifactId)
      if (found) return found.body()
      throw new WorkbenchError('invalid-value', `There is no artifact ${artifactId}.`, { artifactId })
    },
    'artifacts.filters': ({ runId, after }) =>
      this.artifactsOf(runId).flatMap(({ header: { id }, body }) => {
        const filters = id > after ? body() : null
        return filters?.kind === 'filters' ? [{ id, filters }] : []
      }),
    'preview.augmentation': ({ spec }) => samplePreview(spec),
    'preview.cancel': () => undefined,
    'preflight.measure': ({ spec }) => samplePreflight(spec),
    'preflight.cancel': () => undefined,
    'transfer.chooseFile': () => '/home/ada/models/alexnet.safetensors',

    'metrics.names': ({ runId }) => Object.keys(this.find(runId).run.last),
    'metrics.history': ({ runIds, metrics, fromStep, toStep, maxPoints, smoothing }) =>
      runIds.flatMap((runId) => {
        const { run, records } = this.find(runId)
        const within = records.slice(Math.max(0, (fromStep ?? 1) - 1), Math.min(run.step, toStep ?? run.step))
        return metrics.map((metric) => {
          const { points, total } = bucketed(runId, metric, within, maxPoints)
          return drawnSeries(runId, metric, points, total, smoothing)
        })
      }),

    'metrics.at': ({ runIds, step }) => runIds.map((runId) => this.valuesAt(runId, step)),
    'metrics.saveCsv': ({ suggestedName }) => `/home/ada/${suggestedName}.csv`,
    'references.list': () => [...this.references],
    'references.import': (source) => {
      const id = this.references.length + 1
      const imported =
        source.from === 'dialog'
          ? sampleReference(id)
          : { id, name: source.name, createdAt: Date.now(), ...parseCurves(source.text, source.name) }
      this.references = [...this.references, imported]
      return imported
    },
    'references.rename': ({ referenceId, name }) => {
      this.references = this.references.map((one) => (one.id === referenceId ? { ...one, name } : one))
    },
    'references.delete': ({ referenceId }) => {
      this.references = this.references.filter(({ id }) => id !== referenceId)
    },
    'files.saveText': ({ suggestedName, kind }) => `/home/ada/${suggestedName}.${kind}`,
    'files.saveBinary': ({ suggestedName, kind }) => `/home/ada/${suggestedName}.${kind}`,
    'reports.preview': ({ title, blocks }) => ({
      style: reportStyle,
      body: renderBody({
        title,
        lead: 'Written by the sample.',
        blocks: blocks.map((block) =>
          block.kind === 'note'
            ? { kind: 'note', markdown: block.text }
            : { kind: 'section', id: block.section, title: reportSectionTitles[block.section], parts: [] },
        ),
      }),
    }),
    'reports.markdown': ({ title }) => `# ${title}\n`,
    'reports.save': ({ request, format }) => `/home/ada/${request.title}.${format}`,
    'reports.reveal': () => undefined,

    'exports.list': () => this.exportRecords,
    'exports.create': async ({ runId }) => {
      for (const stage of ['Loading the checkpoint', 'Writing the files', 'Comparing 256 images']) {
        this.emit('export.progress', { runId, stage })
        await new Promise((done) => setTimeout(done, 700))
      }
      const record = sampleExport(this.exportRecords.length + 1, this.find(runId).run)
      this.exportRecords = [record, ...this.exportRecords]
      this.emit('export.created', { record })
      return record
    },
    'exports.reveal': () => undefined,

    'inspection.ask': ({ question }) => ({ step: 12, answer: sampleAnswer(question) }),
    'inspection.cancel': () => undefined,
    'inspection.predictions': ({ runId, step }) => ({ ...samplePredictions(runId), step: step ?? 12 }),
    'inspection.images': ({ indices }) => samplePictures(indices.length, 28, 1),

    'layout.get': () => this.layout,
    'layout.update': (sections) => {
      this.layout = { ...this.layout, ...sections }
    },
    'views.list': () => [...this.views],
    'views.save': (view) => {
      const saved = { id: this.views.length + 1, ...view }
      this.views = [...this.views.filter(({ name }) => name !== view.name), saved]
      return saved
    },
    'views.delete': ({ viewId }) => {
      this.views = this.views.filter(({ id }) => id !== viewId)
    },
  }

  private valuesAt(runId: string, step: number): Record<string, { step: number; value: number }> {
    const { run, records } = this.find(runId)
    const values: Record<string, { step: number; value: number }> = {}
    for (const record of records.slice(0, Math.min(run.step, step))) {
      for (const [metric, value] of Object.entries(record.metrics)) values[metric] = { step: record.step, value }
    }
    return values
  }

  private artifactsOf(runId: string): readonly SampleArtifact[] {
    const { run, artifacts } = this.find(runId)
    return artifacts.filter(({ header }) => header.step <= run.step)
  }

  private runs(): Run[] {
    return [...this.samples.values()].map(({ run }) => run)
  }

  private queue(): Run[] {
    return this.runs()
      .filter((run) => run.state === 'queued' && run.deletedAt === null)
      .sort((a, b) => (a.queuePosition ?? 1e9) - (b.queuePosition ?? 1e9) || a.createdAt - b.createdAt)
  }

  private find(runId: string): SampleRun {
    const sample = this.samples.get(runId)
    if (!sample) throw new WorkbenchError('run-not-found', `There is no run ${runId}.`, { runId })
    return sample
  }

  private update(runId: string, change: Partial<Run>): Run {
    const sample = this.find(runId)
    sample.run = { ...sample.run, ...change }
    this.emit('run.changed', { run: sample.run })
    return sample.run
  }

  private enqueue(runId: string): Run {
    const state = transition(this.find(runId).run.state, 'queued')
    return this.update(runId, { state, queuePosition: this.queue().length, error: null })
  }

  private end(runId: string, passing: RunState, final: RunState): Run {
    const { run } = this.find(runId)
    const waiting = !isActive(run.state)
    if (!waiting) this.update(runId, { state: transition(run.state, passing) })
    const state = transition(this.find(runId).run.state, final)
    this.note(runId, 'checkpoint', `Checkpoint step-${String(run.step).padStart(9, '0')} is whole on the disk.`)
    this.note(runId, 'state', `Is ${final} now.`)
    const ended = this.update(runId, { state, queuePosition: null, checkpointStep: run.step || null })
    this.renumber()
    return ended
  }

  private renumber(): void {
    this.queue().forEach((run, place) => {
      if (run.queuePosition !== place) this.update(run.id, { queuePosition: place })
    })
  }

  private note(runId: string, kind: RunEvent['kind'], message: string): void {
    const { step } = this.find(runId).run
    this.log.set(runId, [...(this.log.get(runId) ?? []), { at: Date.now(), step, kind, message }])
  }

  private rememberPast({ run, records }: SampleRun): void {
    const evaluated = records.slice(0, run.step).filter((record) => 'validation/loss' in record.metrics)
    const checkpoints = evaluated.map(({ wallTime, step }) => ({
      at: wallTime,
      step,
      kind: 'checkpoint' as const,
      message: `Checkpoint step-${String(step).padStart(9, '0')} is whole on the disk.`,
    }))
    const created = { at: run.createdAt, step: 0, kind: 'state' as const, message: 'Created.' }
    this.log.set(run.id, [created, ...checkpoints])
    if (run.state === 'finished' && this.exportRecords.length < 2) {
      this.exportRecords.push(sampleExport(this.exportRecords.length + 1, run))
    }
  }
}
