import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { SetupError } from './errors.mjs'

/**
 * Digest of a file.
 * @param {string} file
 * @param {'sha256' | 'sha512'} algorithm
 * @param {import('node:crypto').BinaryToTextEncoding} [encoding]
 */
export async function hashFile(file, algorithm, encoding = 'hex') {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest(encoding)
}

/**
 * Refuses a file whose digest is not the pinned one.
 * @param {string} file
 * @param {{ algorithm: 'sha256' | 'sha512', digest: string, encoding?: 'hex' | 'base64' }} pin
 * @param {string} what how to call the file in the message
 */
export async function verifyFile(file, { algorithm, digest, encoding = 'hex' }, what) {
  const found = await hashFile(file, algorithm, encoding)
  if (found === digest) return
  throw new SetupError(
    `${what} arrived damaged or changed (${algorithm} ${found.slice(0, 16)}…, expected ${digest.slice(0, 16)}…): type npm run setup again, and if that repeats, look at the mirror or proxy between you and the registry.`,
  )
}

/**
 * One digest for a list of values, to tell whether any of them has changed.
 * @param {unknown[]} values
 */
export const fingerprint = (values) => createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32)
