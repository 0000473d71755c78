import type { OpenDialogOptions, OpenDialogReturnValue } from 'electron'

/** Shows the system's dialog to open a file. */
export type ShowOpenDialog = (options: OpenDialogOptions) => Promise<OpenDialogReturnValue>

/** The formats that a run can take its first weights from. */
const options: OpenDialogOptions = {
  title: 'Weights to begin with',
  buttonLabel: 'Use these weights',
  properties: ['openFile'],
  filters: [{ name: 'Weights (safetensors, model.json)', extensions: ['safetensors', 'json'] }],
}

/**
 * Makes the function that lets the user choose a file with weights; it answers its absolute path, null when cancelled.
 * There is one dialog at a time: who asks while it is open gets its answer.
 */
export function modelFileChooser(show: ShowOpenDialog): () => Promise<string | null> {
  let open: Promise<string | null> | null = null
  const choose = async (): Promise<string | null> => {
    const { canceled, filePaths } = await show(options)
    return canceled ? null : (filePaths[0] ?? null)
  }
  return () => (open ??= choose().finally(() => (open = null)))
}
