import { toWireError } from '../../domain/errors.ts'
import type { Classified } from '../../domain/inspection/answers.ts'
import type { PictureSource } from '../../domain/inspection/questions.ts'
import { tf } from '../backend.ts'
import { evaluationCrops, makePreprocess } from '../data/preprocess.ts'
import { averageProbabilities, isUnlikeDataset, topClasses } from '../export/predict.ts'
import { readPicture, type InspectedModel } from './inspected-model.ts'
import { storedPicture } from './pictures.ts'

/** Classifies pictures one by one; one that cannot be read is answered with the reason, and the others go on. */
export async function classify(inspected: InspectedModel, pictures: readonly PictureSource[]): Promise<Classified[]> {
  const answers: Classified[] = []
  for (const picture of pictures) answers.push(await classifyOne(inspected, picture))
  return answers
}

async function classifyOne(inspected: InspectedModel, picture: PictureSource): Promise<Classified> {
  const { spec, dataset, model } = inspected
  const name = picture.kind === 'file' ? picture.name : `${picture.part} image ${picture.index}`
  try {
    const pixels = await readPicture(inspected, picture)
    const preprocess = makePreprocess(spec, dataset.info, { crops: evaluationCrops(spec) })
    const probabilities = tf.tidy(() => averageProbabilities(model, preprocess(pixels)))
    const seen = storedPicture(pixels, dataset.info)
    return {
      name,
      top: topClasses(probabilities, dataset.info),
      probabilities: Float32Array.from(probabilities.slice(0, dataset.info.labels.length)),
      problem: null,
      seen,
      unlikeDataset: isUnlikeDataset(pixels, dataset.info),
    }
  } catch (error) {
    return { name, top: [], probabilities: null, problem: toWireError(error).message, seen: null, unlikeDataset: false }
  }
}
