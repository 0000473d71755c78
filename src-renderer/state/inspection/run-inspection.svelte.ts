import type { Client } from '../../../src-core/contract/client.ts'
import type { PictureSource } from '../../../src-core/domain/inspection/questions.ts'
import { Asked } from './asked.svelte.ts'
import { FilterHistory } from './filter-history.svelte.ts'
import { NetworkQuestions } from './network-questions.ts'
import { TriedPictures } from './tried-pictures.svelte.ts'

/** What is looked at in the trained network of one run, for as long as its view is open. */
export class RunInspection {
  readonly questions: NetworkQuestions
  readonly tried: TriedPictures
  /** The first kernels as the run kept them; `kernels` are those of a checkpoint. */
  readonly filters: FilterHistory
  readonly kernels: Asked<'kernels'>
  readonly features: Asked<'features'>
  readonly saliency: Asked<'saliency'>
  readonly embedding: Asked<'embedding'>
  private triedId = $state<number | null>(null)

  constructor(client: Client, runId: string) {
    this.questions = new NetworkQuestions(client, runId)
    this.tried = new TriedPictures(this.questions)
    this.filters = new FilterHistory(client, runId)
    this.kernels = new Asked(this.questions)
    this.features = new Asked(this.questions)
    this.saliency = new Asked(this.questions)
    this.embedding = new Asked(this.questions)
  }

  /** The picture that features and saliency are about: the user's that is looked at, else this test image. */
  picture(testImage: number): PictureSource {
    return this.tried.find(this.triedId)?.source ?? { kind: 'dataset', part: 'test', index: testImage }
  }

  /** The user's picture that is looked at; null for a test image. */
  get lookedAt(): number | null {
    return this.tried.find(this.triedId)?.id ?? null
  }

  lookAt(triedId: number | null): void {
    this.triedId = triedId
  }

  dispose(): void {
    this.filters.dispose()
  }
}
