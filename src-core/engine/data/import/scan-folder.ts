import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { mostClasses, type RefusedFile } from '../../../domain/datasets/stored-dataset.ts'
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

/** Whoever has such pictures would miss them: phones and cameras write them. */
const otherPicture = /\.(hei[cf]|gif|bmp|tiff?|avif|jxl|dng|cr[23]|nef|arw)$/i

export function refused(folder: string, problem: string): WorkbenchError {
  return new WorkbenchError('import-refused', `${folder} cannot be imported: ${problem}`, { folder })
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`)
}

/** One walk through a folder. Hidden files and files that are no pictures are passed over in silence. */
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

  leaveOut(path: string, reason: string): void {
    this.refused.push({ file: relative(this.#root, path), reason })
  }

  /** Names of the sub-folders. A picture beside them belongs to none, and is left out. */
  async folders(directory: string): Promise<string[]> {
    const names: string[] = []
    for (const entry of await this.entries(directory)) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) names.push(entry.name)
      else if ((await this.#pictureAt(path, entry)) !== null) this.leaveOut(path, 'a picture beside the folders')
    }
    return names
  }

  /** Adds all pictures of a folder to `found`, one list for the whole tree, and answers it. */
  async pictures(directory: string, found: string[] = [], depth = 0): Promise<string[]> {
    if (depth > deepest) throw refused(this.#root, `it is nested too deeply at ${directory}.`)
    for (const entry of await this.entries(directory)) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        await this.pictures(path, found, depth + 1)
        continue
      }
      const file = await this.#pictureAt(path, entry)
      if (file !== null) found.push(file)
    }
    return found
  }

  /** Where the picture lies that an entry stands for; null for what is none. */
  async #pictureAt(path: string, entry: Dirent): Promise<string | null> {
    if (entry.isSymbolicLink()) return this.#linked(path)
    if (!entry.isFile()) return null
    if (otherPicture.test(entry.name)) this.leaveOut(path, 'only JPEG, PNG and WebP are read')
    return picture.test(entry.name) ? path : null
  }

  /** A link to a picture of the same folder is as good as the picture; any other could show what nobody meant to. */
  async #linked(path: string): Promise<string | null> {
    const target = await realpath(path).catch(() => null)
    const reason =
      target === null
        ? 'a symbolic link to nothing'
        : !isInside(this.#root, target)
          ? 'a symbolic link that leads out of the folder'
          : (await stat(target)).isFile()
            ? null
            : 'a symbolic link to a folder'
    if (reason === null) return picture.test(path) ? target : null
    this.leaveOut(path, reason)
    return null
  }

  /** Folders without pictures are no classes, and are named. */
  async classes(directory: string): Promise<ClassFolder[]> {
    const found: ClassFolder[] = []
    for (const label of await this.folders(directory)) {
      const pictures = await this.pictures(join(directory, label))
      if (pictures.length > 0) found.push({ label, pictures })
      else this.leaveOut(join(directory, label), 'a folder without pictures, which is no class')
    }
    return found
  }
}

/**
 * The classes of train/ and of the folder to test on; null where there are no such two, or where neither holds classes:
 * then they are classes themselves.
 * @throws WorkbenchError `import-refused` where one of them holds classes and the other does not.
 */
async function scanParts(root: string): Promise<ScannedFolder | null> {
  const walk = new Walk(root)
  const names = await walk.folders(root)
  const testName = testNames.find((name) => names.includes(name))
  if (!names.includes('train') || testName === undefined) return null
  for (const name of names.filter((one) => one !== 'train' && one !== testName)) {
    walk.leaveOut(join(root, name), `a folder beside train/ and ${testName}/, which is not looked into`)
  }
  const [train, test] = [await walk.classes(join(root, 'train')), await walk.classes(join(root, testName))]
  if (train.length === 0 && test.length === 0) return null
  requirePart(root, 'train', train, testName)
  requirePart(root, testName, test, 'train')
  return { train, test, refused: walk.refused }
}

function requirePart(root: string, name: string, classes: readonly ClassFolder[], other: string): void {
  if (classes.length > 0) return
  const problem = `${name}/ holds no sub-folders with pictures, but ${other}/ does.`
  throw refused(root, `${problem} Give it one sub-folder per class, or move it elsewhere.`)
}

async function scanClasses(root: string): Promise<ScannedFolder> {
  const walk = new Walk(root)
  return { train: await walk.classes(root), test: null, refused: walk.refused }
}

function requireClasses(root: string, { train, test }: ScannedFolder): void {
  const layout = 'It needs one sub-folder with JPEG, PNG or WebP pictures per class, or train/ and test/ with those.'
  if (train.length === 0) throw refused(root, `no sub-folder of it holds pictures. ${layout}`)
  if (train.length === 1) throw refused(root, `only "${train[0]!.label}" holds pictures. ${layout}`)
  if (train.length > mostClasses) {
    throw refused(root, `it has ${train.length} classes; a data set can have ${mostClasses}.`)
  }
  const known = new Set(train.map(({ label }) => label))
  const unknown = test?.find(({ label }) => !known.has(label))
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
  const scanned = (await scanParts(root)) ?? (await scanClasses(root))
  requireClasses(folder, scanned)
  return scanned
}
