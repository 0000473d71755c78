import type { Answer } from '../../domain/inspection/answers.ts'
import type { Question } from '../../domain/inspection/questions.ts'
import { classify } from './classify.ts'
import { embed } from './embedding.ts'
import { featureMaps } from './feature-maps.ts'
import { readPicture, type InspectedModel } from './inspected-model.ts'
import { firstKernels } from './kernels.ts'
import { storedPicture } from './pictures.ts'
import { predictPart } from './predictions.ts'
import { saliency } from './saliency.ts'

/** Answers one question about a trained network. No tensor is left behind. */
export async function answerQuestion(inspected: InspectedModel, question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'predictions':
      return predictPart(inspected, question.part)
    case 'classify':
      return { kind: 'classify', pictures: await classify(inspected, question.pictures) }
    case 'kernels':
      return firstKernels(inspected.model)
    case 'features': {
      const pixels = await readPicture(inspected, question.picture)
      const seen = storedPicture(pixels, inspected.dataset.info)
      return { kind: 'features', seen, layers: featureMaps(inspected, pixels) }
    }
    case 'saliency':
      return saliency(inspected, await readPicture(inspected, question.picture), question.class)
    case 'embedding':
      return embed(inspected, question)
  }
}
