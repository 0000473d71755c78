import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from '../lib/errors.mjs'
import { fingerprint } from '../lib/hash.mjs'
import { inProject, readJson, root, toolNode, workshop } from '../lib/paths.mjs'
import { capture } from '../lib/process.mjs'
import { say } from '../lib/progress.mjs'
import { cc, cxx, needCompiler } from './compiler.mjs'

const RECIPE = 1
const NODE_API = 9
const FIRST_ELECTRON_WITH_NODE_API_10 = 36
const home = inProject('node_modules', 'better-sqlite3')
const shim = inProject('scripts', 'setup', 'boxed-references.hpp')

const version = () => readJson(path.join(home, 'package.json'))?.version
const target = () => path.join(workshop, 'better-sqlite3', version(), 'better_sqlite3.node')
const inputs = () => fingerprint([RECIPE, version(), process.platform, process.arch])

/**
 * Whether better-sqlite3's own prebuilt module cannot be loaded: it is made for Node-API 10.
 * @param {string | undefined} electron a version
 */
export const needsOwnBuild = (electron) => Number(electron?.split('.')[0] ?? Infinity) < FIRST_ELECTRON_WITH_NODE_API_10

/** better-sqlite3 for the Electron in use: as it comes, or compiled for an older Node-API, which Node 24 loads too. */
/** @type {import('./context.mjs').Step} */
export const sqlite = {
  title: 'SQLite',

  isReady(context) {
    const known = context.setup.betterSqlite3
    if (!known || !context.setup.electron) return false
    if (!needsOwnBuild(context.setup.electron.version)) return known.nativeBinding === null
    return (
      known.nativeBinding === path.relative(root, target()) &&
      existsSync(target()) &&
      context.stamps.sqlite === inputs()
    )
  },

  async run(context) {
    if (!needsOwnBuild(context.setup.electron?.version)) {
      await tryOut(context, null)
      return context.record({ betterSqlite3: { nativeBinding: null } })
    }
    await needCompiler()
    if (!existsSync(target()) || context.stamps.sqlite !== inputs()) await compile(context)
    await tryOut(context, target())
    context.stamp('sqlite', inputs())
    context.record({ betterSqlite3: { nativeBinding: path.relative(root, target()) } })
  },
}

/**
 * The settings SQLite is built with, out of better-sqlite3's gyp file.
 * @param {string} gyp
 */
export const definesIn = (gyp) =>
  [...gyp.matchAll(/'((?:HAVE|SQLITE)_[A-Z0-9_]+(?:=[^']*)?)'/g)].map((match) => `-D${match[1]}`)

async function compile(context) {
  say(`  compiling for Node-API ${NODE_API}, about a minute`)
  const folder = context.scratch('sqlite')
  const deps = path.join(home, 'deps')
  const defines = [...definesIn(readFileSync(path.join(deps, 'defines.gypi'), 'utf8')), '-DNDEBUG']
  const common = ['-c', '-O2', '-fPIC', ...defines]
  const node = [
    `-DNAPI_VERSION=${NODE_API}`,
    '-DNAPI_DISABLE_CPP_EXCEPTIONS',
    '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    '-DBUILDING_NODE_EXTENSION',
  ]
  const folders = [
    inProject('node_modules', 'node-addon-api'),
    inProject('node_modules', 'node-api-headers', 'include'),
    path.join(deps, 'sqlite3'),
  ]
  const include = folders.flatMap((place) => ['-I', place])
  const results = await Promise.all([
    capture(cc(), [...common, '-std=c99', '-w', path.join(deps, 'sqlite3', 'sqlite3.c'), '-o', 'sqlite3.o'], {
      cwd: folder,
    }),
    capture(
      cxx(),
      [
        ...common,
        '-std=c++20',
        '-fvisibility=hidden',
        ...node,
        ...include,
        '-include',
        shim,
        path.join(home, 'src', 'better_sqlite3.cpp'),
        '-o',
        'module.o',
      ],
      { cwd: folder },
    ),
  ])
  results.push(await capture(cxx(), linkArguments(), { cwd: folder }))
  const log = context.log('sqlite', results.map((result) => result.output).join('\n'))
  if (results.some((result) => result.code !== 0))
    throw new SetupError(`better-sqlite3 could not be compiled: read ${log}.`)
  mkdirSync(path.dirname(target()), { recursive: true })
  renameSync(path.join(folder, 'better_sqlite3.node'), target())
}

function linkArguments() {
  const hide =
    process.platform === 'linux'
      ? ['-shared', '-s', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL']
      : ['-bundle', '-undefined', 'dynamic_lookup']
  return [
    ...hide,
    'module.o',
    'sqlite3.o',
    '-o',
    'better_sqlite3.node',
    ...(process.platform === 'linux' ? ['-ldl', '-lpthread'] : []),
  ]
}

async function tryOut(context, nativeBinding) {
  const trial = `
    const Database = require('better-sqlite3')
    const db = new Database(':memory:', { nativeBinding: ${JSON.stringify(nativeBinding)} })
    console.log('trial', db.prepare('select 42').pluck().get())`
  const { output } = await capture(toolNode, ['--eval', trial, '--input-type=commonjs'], { cwd: root })
  if (!/^trial 42$/m.test(output))
    throw new SetupError(`better-sqlite3 does not run: read ${context.log('sqlite-trial', output)}.`)
}
