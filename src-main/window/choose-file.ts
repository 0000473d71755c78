import type { OpenDialogOptions, OpenDialogReturnValue } from 'electron'

/** Shows the system's dialog to open a file. */
export type ShowOpenDialog = (options: OpenDialogOptions) => Promise<OpenDialogReturnValue>

/** The formats that a run can take its first weights from. */
const weights: OpenDialogOptions = {
  title: 'Weights to begin with',
  buttonLabel: 'Use these weights',
  properties: ['openFile'],
  filters: [{ name: 'Weights (safetensors, model.json)', extensions: ['safetensors', 'json'] }],
}

/** Curves to draw beside the runs. */
const curves: OpenDialogOptions = {
  title: 'Reference curves',
  buttonLabel: 'Import these curves',
  properties: ['openFile'],
  filters: [{ name: 'Comma-separated values', extensions: ['csv', 'tsv', 'txt'] }],
}

/** As `modelFileChooser`, for a CSV file. */
export function curvesFileChooser(show: ShowOpenDialog): () => Promise<string | null> {
  return fileChooser(show, curves)
}

/** Makes the function that lets the user choose a file with weights. */
export function modelFileChooser(show: ShowOpenDialog): () => Promise<string | null> {
  return fileChooser(show, weights)
}

/**
 * Makes the function that lets the user choose a file; it answers its absolute path, null when cancelled.
 * There is one dialog at a time: who asks while it is open gets its answer.
 */
function fileChooser(show: ShowOpenDialog, options: OpenDialogOptions): () => Promise<string | null> {
  let open: Promise<string | null> | null = null
  const choose = async (): Promise<string | null> => {
    const { canceled, filePaths } = await show(options)
    return canceled ? null : (filePaths[0] ?? null)
  }
  return () => (open ??= choose().finally(() => (open = null)))
}
