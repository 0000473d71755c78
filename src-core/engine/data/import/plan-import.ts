import { splitClasses } from '../../../domain/datasets/stratified-split.ts'
import { refused, type ClassFolder, type ScannedFolder } from './scan-folder.ts'

export interface LabelledPicture {
  readonly path: string
  readonly label: number
}

/** Which picture goes where, in the order in which they are written. */
export interface ImportPlan {
  readonly labels: readonly string[]
  readonly train: readonly LabelledPicture[]
  readonly test: readonly LabelledPicture[]
  /** Null where the folder says itself what to test on. */
  readonly testShare: number | null
}

/** The split of a folder is the same whenever it is imported. */
const splitSeed = 1

function labelled(classes: readonly ClassFolder[], labels: readonly string[]): LabelledPicture[] {
  const numbers = new Map(labels.map((label, number) => [label, number]))
  return classes.flatMap(({ label: name, pictures }) => {
    const label = numbers.get(name)!
    return pictures.map((path) => ({ path, label }))
  })
}

/**
 * Gives every picture its label and its part.
 * @throws WorkbenchError `import-refused` where nothing is left to test on.
 */
export function planImport(folder: string, { train, test }: ScannedFolder, testShare: number): ImportPlan {
  const labels = train.map(({ label }) => label)
  if (test) return { labels, train: labelled(train, labels), test: labelled(test, labels), testShare: null }
  const split = splitClasses(
    train.map(({ pictures }) => pictures.length),
    testShare,
    splitSeed,
  )
  const chosen = (part: 'train' | 'test'): LabelledPicture[] =>
    train.flatMap(({ pictures }, label) => split[label]![part].map((index) => ({ path: pictures[index]!, label })))
  const plan = { labels, train: chosen('train'), test: chosen('test'), testShare }
  if (plan.test.length > 0) return plan
  throw refused(folder, 'no class has more than one picture, so that there is nothing to test on.')
}
