import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { mostPictureBytes, mostPictures, type PictureSource } from '../../../src-core/domain/inspection/questions.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { Asked } from './asked.svelte.ts'
import type { NetworkQuestions } from './network-questions.ts'
import { PictureHistory } from './picture-history.svelte.ts'

/** A picture that the user brought, with what the network says of it. */
export interface TriedPicture {
  readonly id: number
  readonly name: string
  /** Null when the file could not be taken. */
  readonly source: PictureSource | null
  /** Why it could not; empty otherwise. */
  readonly problem: string
  readonly asked: Asked<'classify'>
  readonly history: PictureHistory
}

/** The pictures that were dropped, pasted or chosen for a run, newest first. */
export class TriedPictures {
  pictures = $state.raw<readonly TriedPicture[]>([])
  /** What became of the files that were brought last, when not all were taken. */
  note = $state('')
  private chosenId = $state<number | null>(null)
  private readonly questions: NetworkQuestions
  private nextId = 1

  constructor(questions: NetworkQuestions) {
    this.questions = questions
  }

  /** Those that can be asked about: taken, and not found to be no picture. */
  readonly readable: readonly TriedPicture[] = $derived.by(() =>
    this.pictures.filter(({ source, asked }) => source !== null && !asked.answer?.pictures[0]?.problem),
  )

  /** The picture looked at closely: the chosen one, else the first that could be read. */
  get chosen(): TriedPicture | null {
    return this.find(this.chosenId) ?? this.readable[0] ?? null
  }

  find(id: number | null): TriedPicture | null {
    return this.readable.find((picture) => picture.id === id) ?? null
  }

  choose(id: number): void {
    this.chosenId = id
  }

  /** Takes files, the first ones when they are too many. One that cannot be read says so in its place. */
  async add(files: readonly File[]): Promise<void> {
    const taken = files.slice(0, mostPictures)
    const left = files.length - taken.length
    this.note = left > 0 ? `${plural(mostPictures, 'picture')} at a time: ${plural(left, 'file')} left out.` : ''
    const read = await Promise.all(taken.map((file) => this.read(file)))
    const all = [...read, ...this.pictures]
    if (all.length > mostPictures && this.pictures.length > 0 && left === 0)
      this.note = `${plural(mostPictures, 'picture')} are kept: the oldest made room.`
    this.pictures = all.slice(0, mostPictures)
    this.chosenId = read.find(({ source }) => source !== null)?.id ?? this.chosenId
  }

  remove(id: number): void {
    this.pictures = this.pictures.filter((picture) => picture.id !== id)
    this.note = ''
  }

  clear(): void {
    this.pictures = []
    this.note = ''
  }

  /** Asks a checkpoint about each picture about which it was not the last one asked. */
  ask(checkpoint: CheckpointRecord): void {
    for (const { source, asked } of this.readable)
      if (source && !asked.wasAsked(checkpoint)) void asked.ask(checkpoint, { kind: 'classify', pictures: [source] })
  }

  private async read(file: File): Promise<TriedPicture> {
    const name = file.name.slice(-300)
    const own = { id: this.nextId++, name, asked: new Asked<'classify'>(this.questions) }
    const history = new PictureHistory(this.questions)
    const refuse = (problem: string): TriedPicture => ({ ...own, history, source: null, problem })
    if (file.size > mostPictureBytes)
      return refuse(`The file has ${formatBytes(file.size)}; a picture may have ${formatBytes(mostPictureBytes)}.`)
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      return { ...own, history, source: { kind: 'file', name, bytes }, problem: '' }
    } catch {
      return refuse('The file could not be read. A folder is no picture; drop the files in it.')
    }
  }
}
