import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { RefusedFile } from '../../../domain/datasets/stored-dataset.ts'
import { WorkbenchError } from '../../../domain/errors.ts'

/** The pictures of one class. */
export interface ClassFolder {
  readonly label: string
  /** Absolute paths, in the order of their names. */
  readonly pictures: readonly string[]
}

export interface ScannedFolder {
  readonly train: readonly ClassFolder[]
  /** Null where the folder does not say what to test on. */
  readonly test: readonly ClassFolder[] | null
  /** What was left out without being opened. */
  readonly refused: readonly RefusedFile[]
}

/** Names under which people keep the pictures to test on, the first that is there. */
const testNames = ['test', 'val', 'valid', 'validation']

/** A folder nested deeper than this is not a folder of classes. */
const deepest = 8

const picture = /\.(jpe?g|png|webp)$/i

export function refused(folder: string, problem: string): WorkbenchError {
  return new WorkbenchError('import-refused', `${folder} cannot be imported: ${problem}`, { folder })
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`)
}

/** One walk through a folder. Hidden files and files of other kinds are passed over in silence. */
class Walk {
  readonly refused: RefusedFile[] = []
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  async entries(directory: string): Promise<Dirent[]> {
    const all = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw refused(directory, `it cannot be read (${error.code}).`)
    })
    // Not in the order of the disk, which differs from machine to machine.
    return all.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async folders(directory: string): Promise<string[]> {
    const entries = await this.entries(directory)
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  }

  async pictures(directory: string, depth = 0): Promise<string[]> {
    if (depth > deepest) throw refused(this.#root, `it is nested too deeply at ${directory}.`)
    const found: string[] = []
    for (const entry of await this.entries(directory)) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) found.push(...(await this.pictures(path, depth + 1)))
      else if (entry.isSymbolicLink()) found.push(...(await this.#linked(path)))
      else if (entry.isFile() && picture.test(entry.name)) found.push(path)
    }
    return found
  }

  /** A link to a picture of the same folder is as good as the picture; any other could show what nobody meant to. */
  async #linked(path: string): Promise<string[]> {
    const target = await realpath(path).catch(() => null)
    const reason =
      target === null
        ? 'a symbolic link to nothing'
        : !isInside(this.#root, target)
          ? 'a symbolic link that leads out of the folder'
          : (await stat(target)).isFile()
            ? null
            : 'a symbolic link to a folder'
    if (reason === null) return picture.test(path) ? [target!] : []
    this.refused.push({ file: relative(this.#root, path), reason })
    return []
  }

  /** Folders without pictures are no classes. */
  async classes(directory: string): Promise<ClassFolder[]> {
    const found: ClassFolder[] = []
    for (const label of await this.folders(directory)) {
      const pictures = await this.pictures(join(directory, label))
      if (pictures.length > 0) found.push({ label, pictures })
    }
    return found
  }

  /** Whether a folder holds classes: folders with pictures and no picture of its own. */
  async holdsClasses(directory: string): Promise<boolean> {
    const entries = await this.entries(directory)
    return entries.some((entry) => entry.isDirectory()) && !entries.some(({ name }) => picture.test(name))
  }
}

async function partsOf(walk: Walk, root: string): Promise<{ train: string; test: string } | null> {
  const names = await walk.folders(root)
  const test = testNames.find((name) => names.includes(name))
  if (!names.includes('train') || test === undefined) return null
  const parts = { train: join(root, 'train'), test: join(root, test) }
  return (await walk.holdsClasses(parts.train)) && (await walk.holdsClasses(parts.test)) ? parts : null
}

function requireClasses(root: string, train: readonly ClassFolder[], test: readonly ClassFolder[] | null): void {
  const layout = 'It needs one sub-folder with JPEG, PNG or WebP pictures per class, or train/ and test/ with those.'
  if (train.length === 0) throw refused(root, `no sub-folder of it holds pictures. ${layout}`)
  if (train.length === 1) throw refused(root, `only "${train[0]!.label}" holds pictures. ${layout}`)
  const unknown = test?.find(({ label }) => !train.some((known) => known.label === label))
  if (unknown) throw refused(root, `it has pictures of "${unknown.label}" to test on, but none to train on.`)
}

/**
 * Finds the classes of a folder of pictures, in the order of their names, without opening a picture.
 * @throws WorkbenchError `import-refused` saying what is wrong with the folder.
 */
export async function scanFolder(folder: string): Promise<ScannedFolder> {
  const root = await realpath(folder).catch(() => {
    throw refused(folder, 'there is no such folder.')
  })
  if (!(await stat(root)).isDirectory()) throw refused(folder, 'it is no folder.')
  const walk = new Walk(root)
  const parts = await partsOf(walk, root)
  const train = await walk.classes(parts?.train ?? root)
  const test = parts && (await walk.classes(parts.test))
  requireClasses(folder, train, test)
  return { train, test, refused: walk.refused }
}
