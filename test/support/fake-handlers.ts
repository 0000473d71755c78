import { defaultSettings } from '../../src-core/domain/settings.ts'
import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import { builtInDatasets } from '../../src-core/domain/dataset.ts'
import { packRunList } from '../../src-core/domain/run-list/run-list.ts'
import { runListOf } from './run-list.ts'
import { drawnSeries } from './drawn-series.ts'
import { sampleClassified, samplePredictions } from './sample-answers.ts'
import { sampleReference } from './sample-reference.ts'
import { sampleCheckpoint, sampleConfusion, samplePreflight, samplePreview, sampleRun } from './sample-run.ts'

/** One honest answer per procedure, without anything behind it. */
export function fakeHandlers(changes: Partial<Handlers> = {}): Handlers {
  const run = () => sampleRun()
  return {
    'app.info': () => ({
      version: '0',
      electron: '0',
      chromium: '0',
      node: '0',
      workspace: '/w',
      machine: { cpu: 'cpu', threads: 2, memoryMib: 1000, platform: 'linux x64' },
      environment: null,
      sandboxed: true,
    }),
    'app.usage': () => ({ databaseBytes: 1, checkpointBytes: 2, datasetBytes: 4, exportBytes: 3 }),
    'app.openWorkspaceFolder': () => undefined,
    'settings.get': () => defaultSettings,
    'settings.update': (settings) => ({ ...defaultSettings, ...settings }),
    'datasets.list': () => [...builtInDatasets],
    'runs.columns': () => packRunList(runListOf([run()])),
    'runs.setTags': () => undefined,
    'runs.setNotes': () => undefined,
    'runs.list': () => [run()],
    'runs.get': ({ runId }) => sampleRun({ id: runId }),
    'runs.create': ({ name, spec }) => sampleRun({ name, spec, state: 'queued', queuePosition: 0 }),
    'runs.createAll': ({ runs }) => runs.map((one) => sampleRun({ ...one, state: 'paused' })),
    'runs.pause': run,
    'runs.resume': run,
    'runs.stop': run,
    'runs.rename': ({ name }) => sampleRun({ name }),
    'runs.recolor': ({ color }) => sampleRun({ color }),
    'runs.delete': () => sampleRun({ deletedAt: 5 }),
    'runs.restore': run,
    'runs.purge': () => undefined,
    'runs.reorder': () => [run()],
    'runs.events': () => [{ at: 1, step: 0, kind: 'state', message: 'queued' }],
    'checkpoints.list': () => [sampleCheckpoint()],
    'artifacts.list': () => [{ id: 1, kind: 'confusion', step: 12, subject: 'test' }],
    'artifacts.get': () => sampleConfusion(),
    'preview.augmentation': () => samplePreview(),
    'preview.cancel': () => undefined,
    'preflight.measure': ({ spec }) => samplePreflight(spec),
    'preflight.cancel': () => undefined,
    'transfer.chooseFile': () => '/w/model.safetensors',
    'metrics.names': () => ['train/loss'],
    'metrics.history': ({ runIds, metrics }) => [drawnSeries(runIds[0]!, metrics[0]!, [])],
    'metrics.at': ({ runIds }) => runIds.map(() => ({ 'train/loss': { step: 1, value: 2 } })),
    'metrics.saveCsv': () => '/w/curves.csv',
    'references.list': () => [sampleReference()],
    'references.import': () => sampleReference(),
    'references.rename': () => undefined,
    'references.delete': () => undefined,
    'files.saveText': () => '/w/table.csv',
    'files.saveBinary': () => '/w/chart.png',
    'reports.preview': () => ({ style: '', body: '<main></main>' }),
    'reports.markdown': () => '# Report\n',
    'reports.save': () => '/w/report.html',
    'reports.reveal': () => undefined,
    'exports.list': () => [],
    'exports.create': ({ runId, format }) => ({
      id: 1,
      runId,
      format,
      step: 12,
      directory: '/w/exports/x',
      bytes: 10,
      files: [{ path: 'model.json', bytes: 10, sha256: '0'.repeat(64) }],
      check: { images: 100, maxAbsDiff: 0, top1Agreement: 1 },
      createdAt: 9,
    }),
    'exports.reveal': () => undefined,
    'inspection.ask': () => ({ step: 12, answer: sampleClassified() }),
    'inspection.cancel': () => undefined,
    'inspection.predictions': () => ({ ...samplePredictions(), step: 12 }),
    'inspection.images': () => samplePreview().originals,
    'layout.get': () => ({}),
    'layout.update': () => undefined,
    'views.list': () => [],
    'views.save': (view) => ({ id: 1, ...view }),
    'views.delete': () => undefined,
    'grids.list': () => [],
    ...changes,
  }
}
