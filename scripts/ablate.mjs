#!/bin/sh
//usr/bin/true; root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
//usr/bin/true; node="$root/node_modules/.bin/node"
//usr/bin/true; [ -x "$node" ] && exec "$node" --import "$root/scripts/lib/one-signal.mjs" "$root/src-cli/index.ts" "$@"
//usr/bin/true; echo "Ablate is not set up: type npm run setup in $root." >&2; exit 1

// Read by the shell above and by Node below: what the shell runs is a comment to Node. The shell's way replaces the
// launcher by the command itself, so a signal meets one process, and nothing starts twice. The way below is for
// `node scripts/ablate.mjs`.
import { existsSync } from 'node:fs'
import { inProject, root, toolNode } from './lib/paths.mjs'
import { share } from './lib/process.mjs'

if (!existsSync(toolNode)) {
  console.error(`Ablate is not set up: type npm run setup in ${root}.`)
  process.exit(1)
}
const command = ['--import', inProject('scripts', 'lib', 'one-signal.mjs'), inProject('src-cli', 'index.ts')]
process.exitCode = await share(toolNode, [...command, ...process.argv.slice(2)], { forwardSignals: true })
