import type { Handlers } from '../../src-core/contract/procedures.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'

type SetupHandlers = Pick<Handlers, Extract<keyof Handlers, `${'preview' | 'transfer'}.${string}`>>

/** What the window asks while a run is set up. `chooseModelFile` shows the system's dialog. */
export function setupHandlers(runs: RunService, chooseModelFile: () => Promise<string | null>): SetupHandlers {
  return {
    'preview.augmentation': ({ spec }) => runs.previewAugmentation(spec),
    'transfer.chooseFile': chooseModelFile,
  }
}
