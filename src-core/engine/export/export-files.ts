/** The files of an exported model, beside those of its custom layers. */
export const exportFiles = {
  model: 'model.json',
  weights: 'weights.bin',
  labels: 'labels.json',
  preprocessing: 'preprocessing.json',
  readme: 'README.txt',
  manifest: 'manifest.json',
} as const
