import { z } from 'zod'
import { augmentationPreviewSchema } from '../../domain/evaluation/artifact.ts'
import { preflightSchema } from '../../domain/preflight/preflight.ts'
import { runSpecSchema } from '../../domain/spec/run-spec.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** What the window asks while a run is set up. */
export const setupProcedures = {
  /** Draws what augmentation makes of some training images; starts a trainer for it, so it takes a second or two. */
  'preview.augmentation': { input: z.strictObject({ spec: runSpecSchema }), output: augmentationPreviewSchema },
  /** Ends the preview that is being drawn; answers when its process is gone. */
  'preview.cancel': { input: nothing, output: nothing },
  /** Takes some steps of a run in a process of its own to tell what it will cost and whether it fits. */
  'preflight.measure': { input: z.strictObject({ spec: runSpecSchema }), output: preflightSchema },
  /** Ends the preflight that is under way; answers when its process is gone. */
  'preflight.cancel': { input: nothing, output: nothing },
  /** Lets the user choose a safetensors file or a model.json to start from; null when cancelled. */
  'transfer.chooseFile': { input: nothing, output: z.string().nullable() },
} as const satisfies ProcedureGroup
