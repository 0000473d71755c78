import { z } from 'zod'

/** Largest number of classes for which a confusion matrix is kept: 200 x 200 counts are 40,000 numbers. */
export const mostConfusionClasses = 200

/** Counts of one evaluation: row i, column j holds how many images of class i were taken for class j. */
export const confusionSchema = z.strictObject({
  classes: z.int().min(2).max(mostConfusionClasses),
  /** Row by row, classes * classes numbers. */
  counts: z.array(z.int().min(0)).max(mostConfusionClasses ** 2),
})
export type Confusion = z.infer<typeof confusionSchema>

/** Share of each class's images that were recognised; null for a class without images. */
export function perClassAccuracy({ classes, counts }: Confusion): (number | null)[] {
  return Array.from({ length: classes }, (_, row) => {
    const cells = counts.slice(row * classes, (row + 1) * classes)
    const images = cells.reduce((sum, count) => sum + count, 0)
    return images === 0 ? null : cells[row]! / images
  })
}
