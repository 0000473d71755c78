const SECONDS_BETWEEN_LINES = 10

/**
 * Prints one line of set-up's account.
 * @param {string} line
 */
export const say = (line) => console.log(line)

/**
 * Shows how far a long step is: in place on a terminal, as a line now and then elsewhere.
 * @param {string} what
 * @returns {{ update: (done: number, total?: number) => void, end: () => void }} amounts in bytes
 */
export function meter(what) {
  const terminal = process.stdout.isTTY
  let last = Date.now()
  let drawn = false
  return {
    update(done, total) {
      const pause = terminal ? 200 : SECONDS_BETWEEN_LINES * 1000
      if (done === 0 || Date.now() - last < pause) return
      last = Date.now()
      drawn = true
      const line = `  ${what}: ${megabytes(done)}${total ? ` of ${megabytes(total)} MB (${percent(done, total)} %)` : ' MB'}`
      process.stdout.write(terminal ? `\r\x1b[K${line}` : `${line}\n`)
    },
    end() {
      if (terminal && drawn) process.stdout.write('\r\x1b[K')
    },
  }
}

const megabytes = (bytes) => Math.round(bytes / 1e6)
const percent = (done, total) => Math.min(100, Math.round((100 * done) / total))
