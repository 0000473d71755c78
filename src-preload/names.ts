import type { EventName } from '../src-core/contract/events.ts'
import type { ProcedureName } from '../src-core/contract/procedures/index.ts'

/**
 * The names that may pass. Types only come from the contract, so its schemas stay out of the preload bundle, which
 * runs before the page; a forgotten or surplus name does not compile.
 */
export const procedureNames: ReadonlySet<string> = new Set(
  Object.keys({
    'app.info': true,
    'app.usage': true,
    'app.openWorkspaceFolder': true,
    'settings.get': true,
    'settings.update': true,
    'datasets.list': true,
    'runs.list': true,
    'runs.page': true,
    'runs.summaries': true,
    'runs.setTags': true,
    'runs.setNotes': true,
    'runs.get': true,
    'runs.create': true,
    'runs.createAll': true,
    'runs.pause': true,
    'runs.resume': true,
    'runs.stop': true,
    'runs.rename': true,
    'runs.recolor': true,
    'runs.delete': true,
    'runs.restore': true,
    'runs.purge': true,
    'runs.reorder': true,
    'runs.events': true,
    'checkpoints.list': true,
    'artifacts.list': true,
    'artifacts.get': true,
    'preview.augmentation': true,
    'preview.cancel': true,
    'preflight.measure': true,
    'preflight.cancel': true,
    'transfer.chooseFile': true,
    'metrics.names': true,
    'metrics.history': true,
    'exports.list': true,
    'exports.create': true,
    'exports.reveal': true,
    'layout.get': true,
    'layout.update': true,
    'views.list': true,
    'views.save': true,
    'views.delete': true,
    'files.saveText': true,
    'files.saveBinary': true,
  } satisfies Record<ProcedureName, true>),
)

export const eventNames: ReadonlySet<string> = new Set(
  Object.keys({
    'run.changed': true,
    'run.purged': true,
    'metrics.appended': true,
    'metrics.rewound': true,
    'artifact.recorded': true,
    'export.progress': true,
    'export.created': true,
    'settings.changed': true,
    notice: true,
    command: true,
  } satisfies Record<EventName, true>),
)
