// Loaded into the command line's process. Ctrl-C reaches every process of the terminal, and npm and launchers pass it
// on as well: one wish, several signals. Those that follow at once are dropped, a later one is a new wish.
const SAME_WISH_MS = 500
const last = new Map()
const emit = process.emit

process.emit = function (event, ...rest) {
  if (event === 'SIGINT' || event === 'SIGTERM') {
    const now = performance.now()
    const before = last.get(event) ?? -Infinity
    last.set(event, now)
    if (now - before < SAME_WISH_MS) return true
  }
  return emit.call(this, event, ...rest)
}
