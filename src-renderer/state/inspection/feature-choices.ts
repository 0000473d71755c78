import { z } from 'zod'
import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import type { LayoutStore } from '../layout/layout-store.svelte.ts'

/** What is looked at in trained networks, as the workspace keeps it. */
const featureChoicesSchema = z.strictObject({
  /** The sections that are unfolded. */
  open: z.array(z.string()),
  /** Number of the kernel that is followed through training, counted from 0. */
  kernel: z.int().min(0),
  /** Whether each kernel is stretched by itself, or all of them alike. */
  scale: z.enum(['each', 'all']),
  /** The data set that `testImage` and `class` belong to. */
  dataset: z.string(),
  testImage: z.int().min(0),
  /** The class whose pixels are looked for; null is the most probable one. */
  class: z.int().min(0).nullable(),
  saliency: z.enum(['gradient', 'occlusion']),
  /** Of the heat map, in percent. */
  opacity: z.int().min(0).max(100),
  map: z.enum(['pca', 'umap']),
  mapImages: z.union([z.literal(500), z.literal(1000), z.literal(2000)]),
})
export type FeatureChoices = z.infer<typeof featureChoicesSchema>

const section = 'features'
const defaults: FeatureChoices = {
  open: [],
  kernel: 0,
  scale: 'each',
  dataset: '',
  testImage: 0,
  class: null,
  saliency: 'gradient',
  opacity: 70,
  map: 'pca',
  mapImages: 500,
}

export function featureChoices(layout: LayoutStore): FeatureChoices {
  return layout.read(section, featureChoicesSchema, defaults)
}

/** @param what the change in words, for undo */
export function chooseFeatures(layout: LayoutStore, change: Partial<FeatureChoices>, what: string): void {
  layout.write(section, { ...featureChoices(layout), ...change }, what)
}

type ChosenOf = Pick<FeatureChoices, 'testImage' | 'class'>
type Dataset = Pick<DatasetInfo, 'id' | 'testImages' | 'labels'>

/** The test image and the class that were chosen for a data set, the first ones for another than the last one. */
export function chosenOf(layout: LayoutStore, dataset: Dataset | undefined): ChosenOf {
  const choices = featureChoices(layout)
  if (choices.dataset !== dataset?.id) return { testImage: 0, class: null }
  const isClass = choices.class !== null && choices.class < dataset.labels.length
  return { testImage: Math.min(choices.testImage, dataset.testImages - 1), class: isClass ? choices.class : null }
}

/** Chooses a test image or a class of a data set; what was chosen for another one is forgotten. */
export function chooseOf(
  layout: LayoutStore,
  dataset: Dataset | undefined,
  change: Partial<ChosenOf>,
  what: string,
): void {
  if (!dataset) return
  chooseFeatures(layout, { ...chosenOf(layout, dataset), ...change, dataset: dataset.id }, what)
}
