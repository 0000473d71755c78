/** A reason why set-up cannot go on: one sentence that says what is missing and what to type. */
export class SetupError extends Error {
  name = 'SetupError'
}

const TROUBLE_WITH_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|EHOSTUNREACH|ERR_SOCKET|fetch failed|Temporary failure|Failed to establish a new connection|Could not resolve|No matching distribution found|Max retries exceeded|Name or service not known/i

/**
 * Whether a tool's output says that it did not reach its host.
 * @param {string} output
 */
export const looksOffline = (output) => TROUBLE_WITH_NETWORK.test(output)

const TROUBLE_WITH_DISK = /ENOSPC|No space left on device/i

/**
 * The sentence for a tool that fetches things and failed.
 * @param {string} what the thing that was to be fetched
 * @param {string} output all that the tool printed
 * @param {string} log where that output can be read
 */
export function fetchFailed(what, output, log) {
  if (TROUBLE_WITH_DISK.test(output))
    return new SetupError(`The disk is full: make room (about 3 GB), then type npm run setup again.`)
  if (looksOffline(output))
    return new SetupError(
      `${what} could not be fetched because the network did not answer: connect (or configure your proxy or mirror for npm and pip), then type npm run setup again.`,
    )
  return new SetupError(`${what} could not be fetched: read ${log}, then type npm run setup again.`)
}
