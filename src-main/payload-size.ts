import { mostPictureBytes, mostPictures } from '../src-core/domain/inspection/questions.ts'

/** The largest honest call carries 500 specs of some 200 values and 1500 characters each: room for five times that. */
const maxCharacters = 4_000_000
const maxValues = 500_000
/** What the window has drawn and written itself, to be saved as a file. */
const maxFileCharacters = 60_000_000
/** Pictures as the user has them, and a question around them. */
const maxPictureBytes = mostPictures * mostPictureBytes + 100_000

/** How many characters and bytes a call of a procedure may carry. */
export function mostCharactersOf(procedure: string): number {
  if (procedure === 'inspection.ask') return maxPictureBytes
  return procedure.startsWith('files.') ? maxFileCharacters : maxCharacters
}

/**
 * Whether what the window sent is of a size that is worth parsing. Walks without recursion, because the value may be
 * nested deeper than the stack or hold itself, and stops at the first bound that is passed.
 */
export function isSanePayload(input: unknown, mostCharacters = maxCharacters): boolean {
  const waiting: unknown[] = [input]
  let characters = 0
  let values = 0
  while (waiting.length > 0) {
    const value = waiting.pop()
    values += 1
    if (typeof value === 'string') characters += value.length
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) characters += value.byteLength
    else if (typeof value === 'object' && value !== null) characters += pushChildren(value, waiting)
    if (characters > mostCharacters || values + waiting.length > maxValues) return false
  }
  return true
}

/** Answers the characters of the keys; a container that is too large by itself is counted and not opened. */
function pushChildren(container: object, waiting: unknown[]): number {
  const isCollection = container instanceof Map || container instanceof Set
  const size = Array.isArray(container) ? container.length : isCollection ? container.size : 0
  if (size > maxValues) return Infinity
  if (isCollection) {
    for (const entry of container.entries()) waiting.push(entry[0], entry[1])
    return 0
  }
  let characters = 0
  for (const [key, child] of Object.entries(container)) {
    characters += key.length
    waiting.push(child)
  }
  return characters
}
