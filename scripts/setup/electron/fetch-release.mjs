// Runs on the tool chain's Node, since @electron/get needs a newer one than set-up itself.
// Usage: node fetch-release.mjs FOLDER; prints "progress DONE TOTAL" lines, then "unpacking".
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const electron = createRequire(require.resolve('electron/package.json'))
const { downloadArtifact } = await import(electron.resolve('@electron/get'))

let last = 0
function report({ transferred, total }) {
  if (transferred - last < 1e6) return
  last = transferred
  console.log(`progress ${transferred} ${total ?? 0}`)
}

const zip = await downloadArtifact({
  version: require('electron/package.json').version,
  artifactName: 'electron',
  checksums: require('electron/checksums.json'),
  platform: process.platform,
  arch: process.arch,
  downloadOptions: { quiet: true, getProgressCallback: async (progress) => report(progress) },
})
console.log('unpacking')
const { extract } = electron('@electron-internal/extract-zip')
await extract(zip, { dir: process.argv[2] })
