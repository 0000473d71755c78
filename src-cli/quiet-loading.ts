import { closeSync, openSync } from 'node:fs'

const standardError = 2

/** A second descriptor of what standard error writes to; null where the system has none to give, as for a socket. */
function duplicate(descriptor: number): number | null {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, 'a')
  } catch {
    return null
  }
}

/**
 * Loads TensorFlow without its announcement on standard error that it computes through oneDNN. It is written while the
 * library loads and cannot be switched off. What fails while loading is thrown all the same.
 */
export async function loadQuietly<T>(load: () => Promise<T>): Promise<T> {
  const kept = duplicate(standardError)
  if (kept === null) return load()
  closeSync(standardError)
  // The lowest free descriptor is taken: the one that was closed just now.
  openSync('/dev/null', 'w')
  try {
    return await load()
  } finally {
    closeSync(standardError)
    openSync(`/proc/self/fd/${kept}`, 'a')
    closeSync(kept)
  }
}
