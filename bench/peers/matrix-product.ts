import { tf } from '../../src-core/engine/backend.ts'
import { servePeer } from './protocol.ts'

/** The machine's limit: one float32 product of two 2048 x 2048 matrices. */
const side = 2048
const a = tf.randomNormal([side, side])
const b = tf.randomNormal([side, side])

function repeat(): void {
  const product = tf.matMul(a, b)
  // Reading one number waits for the product without copying it.
  const corner = product.slice([0, 0], [1, 1])
  corner.dataSync()
  tf.dispose([product, corner])
}

repeat()
await servePeer(repeat)
