import type { ErrorCode } from '../../src-core/domain/errors.ts'
import { toWireError } from '../../src-core/domain/errors.ts'

/** What to do about a failure, where its message alone does not say it. */
const hints: Partial<Record<ErrorCode, string>> = {
  'run-busy': 'Stop the run first.',
  'disk-full': 'Free some disk space, then resume the run: it goes on from its last checkpoint.',
  'out-of-memory': 'Choose a smaller batch size or width multiplier, or close other programs.',
  'trainer-died': 'Resume the run: it goes on from its last checkpoint.',
  'checkpoint-missing': 'Resume the run and let it reach a checkpoint.',
  'checkpoint-damaged': 'Resume the run: an older checkpoint is used.',
  'tensorflow-missing': 'Run "npm run setup" in the folder of Ablate to fetch TensorFlow.',
  'workspace-read-only': 'Close the program that owns the workspace, then start Ablate again.',
  'illegal-transition': 'The run has changed meanwhile; look at its state and try again.',
}

/** An error as one or two sentences: what happened, and what to do now. */
export function explain(thrown: unknown): string {
  const { code, message } = toWireError(thrown)
  const hint = hints[code]
  return hint && !message.includes(hint) ? `${message.replace(/([^.!?])$/, '$1.')} ${hint}` : message
}
