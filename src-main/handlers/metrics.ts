import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'

type MetricsHandlers = Pick<Handlers, Extract<keyof Handlers, `metrics.${string}`>>

export function metricsHandlers({ metrics }: Workspace): MetricsHandlers {
  return {
    'metrics.names': ({ runId }) => metrics.names(runId),
    'metrics.history': (query) => metrics.history(query),
  }
}
