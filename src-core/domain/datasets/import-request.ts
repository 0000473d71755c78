import { z } from 'zod'
import { largestStored, smallestStored } from './stored-dataset.ts'

/** What a folder of pictures shall become. */
export const importRequestSchema = z.strictObject({
  /** Absolute path of the folder with one sub-folder per class, or with train/ and test/ that hold those. */
  folder: z.string().min(1),
  title: z.string().trim().min(1, 'must have at least 1 character').max(100, 'must have at most 100 characters'),
  /** Side of the stored square images in pixels. */
  size: z.int().min(smallestStored).max(largestStored),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Share of every class that is tested on, where the folder does not say it. */
  testShare: z.number().min(0.01).max(0.9),
})
export type ImportRequest = z.infer<typeof importRequestSchema>

/** How far an import is. */
export const importProgressSchema = z.strictObject({
  /** Pictures that were read or left out. */
  done: z.int(),
  total: z.int(),
  unreadable: z.int(),
})
export type ImportProgress = z.infer<typeof importProgressSchema>
