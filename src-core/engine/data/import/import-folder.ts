import { mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportProgress, ImportRequest } from '../../../domain/datasets/import-request.ts'
import {
  datasetFiles,
  storedDatasetSchema,
  type RefusedFile,
  type StoredDataset,
} from '../../../domain/datasets/stored-dataset.ts'
import { jsonBytes, publishDirectory, writeDurably } from '../../files/durable-files.ts'
import { ChannelStatistics } from './channel-statistics.ts'
import { packPart, type PackedPart } from './pack-part.ts'
import { planImport, type ImportPlan } from './plan-import.ts'
import { refused, scanFolder } from './scan-folder.ts'

export interface ImportJob {
  readonly request: ImportRequest
  readonly id: string
  /** Where the data set appears once it is whole; must not exist. */
  readonly directory: string
  /** Where it is written until then, on the same disk; must not exist. */
  readonly stagingDirectory: string
  readonly onProgress: (progress: ImportProgress) => void
}

/** Unreadable files that are named; the others are counted. */
const mostNamed = 20

/** How an import goes: what was read, and what was left out. */
class Tally {
  readonly first: RefusedFile[] = []
  readonly statistics: ChannelStatistics
  unreadable = 0
  #read = 0
  readonly #total: number
  readonly #onProgress: (progress: ImportProgress) => void

  constructor(total: number, channels: number, onProgress: (progress: ImportProgress) => void) {
    this.#total = total
    this.#onProgress = onProgress
    this.statistics = new ChannelStatistics(channels)
  }

  read(): void {
    this.#read++
    this.#tell()
  }

  refused(file: RefusedFile): void {
    this.unreadable++
    if (this.first.length < mostNamed) this.first.push(file)
    this.#tell()
  }

  #tell(): void {
    this.#onProgress({ done: this.#read + this.unreadable, total: this.#total, unreadable: this.unreadable })
  }
}

interface Packed {
  readonly train: PackedPart
  readonly test: PackedPart
}

async function packBoth(plan: ImportPlan, folder: string, job: ImportJob, tally: Tally): Promise<Packed> {
  const { size, channels } = job.request
  const shared = {
    kind: { size, channels },
    directory: job.stagingDirectory,
    folder,
    onRefused: (file: RefusedFile) => tally.refused(file),
  }
  const onTraining = (pixels: Uint8Array): void => {
    tally.statistics.add(pixels)
    tally.read()
  }
  const train = await packPart({ ...shared, part: 'train', pictures: plan.train, onImage: onTraining })
  const test = await packPart({ ...shared, part: 'test', pictures: plan.test, onImage: () => tally.read() })
  return { train, test }
}

function requireImages({ train, test }: Packed, { first }: Tally, folder: string): void {
  const example = first[0] ? ` The first one, ${first[0].file}: ${first[0].reason}.` : ''
  if (train.images === 0) throw refused(folder, `none of the pictures to train on can be read.${example}`)
  if (test.images === 0) throw refused(folder, `none of the pictures to test on can be read.${example}`)
}

function describe(job: ImportJob, plan: ImportPlan, { train, test }: Packed, tally: Tally): StoredDataset {
  const { title, size, channels, folder } = job.request
  const counts = { trainImages: train.images, testImages: test.images }
  return {
    format: 'ablate-dataset',
    version: 1,
    info: {
      ...{ id: job.id, title, labels: [...plan.labels], ...counts, size, channels },
      ...tally.statistics.result(),
      darkBackground: false,
    },
    source: { folder, testShare: plan.testShare },
    unreadable: { count: tally.unreadable, first: tally.first },
    files: [...train.files, ...test.files],
  }
}

/** What nobody could read later must not get its name. */
function requireReadable(dataset: StoredDataset, folder: string): StoredDataset {
  const parsed = storedDatasetSchema.safeParse(dataset)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw refused(folder, `what was made of it does not describe a data set: ${path.join('.')}: ${message}.`)
}

/**
 * Makes a data set out of a folder of pictures: packed bytes that training reads without decoding. It appears under
 * its name only when it lies whole on the disk. Pictures that cannot be read are left out and named.
 * @throws WorkbenchError `import-refused`, `disk-full`. Nothing is left behind.
 */
export async function importFolder(job: ImportJob): Promise<StoredDataset> {
  const { request, stagingDirectory, directory } = job
  const scanned = await scanFolder(request.folder)
  const plan = planImport(request.folder, scanned, request.testShare)
  const total = plan.train.length + plan.test.length + scanned.refused.length
  const tally = new Tally(total, request.channels, job.onProgress)
  scanned.refused.forEach((file) => tally.refused(file))
  try {
    await mkdir(stagingDirectory, { recursive: true })
    const packed = await packBoth(plan, await realpath(request.folder), job, tally)
    requireImages(packed, tally, request.folder)
    const dataset = requireReadable(describe(job, plan, packed, tally), request.folder)
    await writeDurably(join(stagingDirectory, datasetFiles.info), [jsonBytes(dataset)])
    await publishDirectory(stagingDirectory, directory)
    return dataset
  } finally {
    await rm(stagingDirectory, { recursive: true, force: true })
  }
}
