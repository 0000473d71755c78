import type { Client } from '../../../src-core/contract/client.ts'
import type { PictureSource } from '../../../src-core/domain/inspection/questions.ts'
import { Asked } from './asked.svelte.ts'
import { NetworkQuestions } from './network-questions.ts'
import { TriedPictures } from './tried-pictures.svelte.ts'

/** What is looked at in the trained network of one run, for as long as its view is open. */
export class RunInspection {
  readonly questions: NetworkQuestions
  readonly tried: TriedPictures
  readonly kernels: Asked<'kernels'>
  readonly features: Asked<'features'>
  readonly saliency: Asked<'saliency'>
  readonly embedding: Asked<'embedding'>
  /** Number of the test image that is looked at while no picture of the user's is. */
  testImage = $state(0)
  private triedId = $state<number | null>(null)
  /** The picture that features and saliency are about. */
  readonly picture: PictureSource = $derived.by(() => {
    const source = this.tried.find(this.triedId)?.source
    return source ?? { kind: 'dataset', part: 'test', index: this.testImage }
  })

  constructor(client: Client, runId: string) {
    this.questions = new NetworkQuestions(client, runId)
    this.tried = new TriedPictures(this.questions)
    this.kernels = new Asked(this.questions)
    this.features = new Asked(this.questions)
    this.saliency = new Asked(this.questions)
    this.embedding = new Asked(this.questions)
  }

  /** The user's picture that is looked at; null for a test image. */
  get lookedAt(): number | null {
    return this.tried.find(this.triedId)?.id ?? null
  }

  lookAt(triedId: number | null): void {
    this.triedId = triedId
  }
}
