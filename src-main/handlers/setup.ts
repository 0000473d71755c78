import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'

type SetupHandlers = Pick<Handlers, Extract<keyof Handlers, `${'preview' | 'preflight' | 'transfer'}.${string}`>>

/** What the window asks while a run is set up. `chooseModelFile` shows the system's dialog. */
export function setupHandlers(runs: RunService, chooseModelFile: () => Promise<string | null>): SetupHandlers {
  return {
    'preview.augmentation': ({ spec }) => runs.setup.previewAugmentation(spec),
    'preview.cancel': () => runs.setup.cancelPreview(),
    'preflight.measure': ({ spec }) => runs.setup.preflight(spec),
    'preflight.cancel': () => runs.setup.cancelPreflight(),
    'transfer.chooseFile': chooseModelFile,
  }
}
