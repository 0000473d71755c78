import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const running = new Set()

/**
 * Runs a program to its end and keeps what it prints.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 when the program does not exist
 */
export function capture(command, args, { onLine, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    running.add(child)
    let output = ''
    let rest = ''
    const take = (chunk) => {
      output += chunk
      if (!onLine) return
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      lines.forEach(onLine)
    }
    child.stdout?.setEncoding('utf8').on('data', take)
    child.stderr?.setEncoding('utf8').on('data', take)
    const end = (code, text = '') => {
      running.delete(child)
      resolve({ code, output: output + text })
    }
    child.on('error', (error) => end(127, error.message))
    child.on('close', (code) => end(code ?? 1))
  })
}

/**
 * Runs a program that shares this terminal.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { forwardSignals?: boolean }} [options] forwardSignals: this
 *   process lives on, and what it is sent goes to the program
 * @returns {Promise<number>} its exit status; 128 + n when signal n ended it
 */
export function share(command, args, { forwardSignals = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    running.add(child)
    const forward = (signal) => child.kill(signal)
    if (forwardSignals) for (const signal of FORWARDED) process.on(signal, forward)
    const end = (code) => {
      running.delete(child)
      for (const signal of FORWARDED) process.off(signal, forward)
      resolve(code)
    }
    child.on('error', (error) => {
      console.error(error.message)
      end(127)
    })
    child.on('close', (code, signal) => end(code ?? 128 + (SIGNALS[signal] ?? 0)))
  })
}

/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

/**
 * Ends the programs that still run here.
 * @param {NodeJS.Signals} signal
 */
export function endRunning(signal = 'SIGTERM') {
  for (const child of running) child.kill(signal)
}

/**
 * Where a program lies on PATH.
 * @param {string} name
 * @returns {string | null}
 */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // not in this folder
    }
  }
  return null
}

/** Whether this process is root. */
export const isRoot = () => process.getuid?.() === 0

/** Whether a window can be opened. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
