import { z } from 'zod'

/** What the user prefers; kept in the workspace. */
export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'comfortable']),
  /** Weight of the exponential moving average behind the smoothed lines, 0 to 0.999. */
  smoothing: z.number().min(0).max(0.999),
  /** TensorFlow's threads for new runs; null leaves it to TensorFlow. Another count gives other last bits. */
  threads: z.int().min(1).max(256).nullable(),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = { theme: 'system', density: 'compact', smoothing: 0.6, threads: null }
