import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SetupError, fetchFailed } from '../../../scripts/lib/errors.mjs'
import { verifyFile } from '../../../scripts/lib/hash.mjs'
import { countPlaywright, countVitest } from '../../../scripts/lib/reports.mjs'
import { needCompiler } from '../../../scripts/setup/compiler.mjs'
import { placeOf as placeOfStock } from '../../../scripts/setup/electron/stock.mjs'
import { matchesLock } from '../../../scripts/setup/npm-packages.mjs'
import { wheels } from '../../../scripts/setup/pins.mjs'
import { needSupportedPlatform } from '../../../scripts/setup/platform.mjs'
import { definesIn, needsOwnBuild } from '../../../scripts/setup/sqlite.mjs'
import { placeOf, tensorflowVariant } from '../../../scripts/setup/tensorflow.mjs'
import { isNewEnough } from '../../../scripts/setup/tool-node.mjs'

describe('what is missing is said in one sentence', () => {
  const before = { ...process.env }
  beforeEach(() => {
    process.env['PATH'] = '/nowhere'
    delete process.env['CXX']
    delete process.env['CC']
  })
  afterEach(() => Object.assign(process.env, before))

  it('a compiler', async () => {
    await expect(needCompiler()).rejects.toThrow(
      /^No C\+\+ compiler was found: type sudo apt-get install gcc g\+\+ .*again\.$/,
    )
    await expect(needCompiler()).rejects.toBeInstanceOf(SetupError)
  })

  it('a platform', () => {
    expect(() => needSupportedPlatform('win32', 'x64')).toThrow('this is win32 on x64')
    expect(() => needSupportedPlatform('linux', 'arm64')).toThrow('this is linux on arm64')
  })

  it('the network, room on the disk, or something that only the tool can tell', () => {
    expect(fetchFailed('It', 'npm error code EAI_AGAIN', 'x.log').message).toMatch(/network did not answer/)
    expect(fetchFailed('It', 'ERROR: No space left on device', 'x.log').message).toMatch(/disk is full/)
    expect(fetchFailed('It', 'odd', 'x.log').message).toBe(
      'It could not be fetched: read x.log, then type npm run setup again.',
    )
  })
})

describe('a digest', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ablate-digest-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('must be the pinned one', async () => {
    const file = join(folder, 'abc')
    writeFileSync(file, 'abc')
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    await verifyFile(file, { algorithm: 'sha256', digest }, 'It')
    writeFileSync(file, 'abd')
    await expect(verifyFile(file, { algorithm: 'sha256', digest }, 'It')).rejects.toThrow(
      /^It arrived damaged or changed/,
    )
  })

  it('is there for every wheel, and the name of its file says what it is', () => {
    for (const wheel of [...wheels.cpu, ...wheels.gpu]) {
      expect(wheel.sha256, wheel.name).toMatch(/^[0-9a-f]{64}$/)
      expect(wheel.file).toContain(`${wheel.name.replaceAll('-', '_')}-${wheel.version}-`)
      expect(wheel.bytes).toBeGreaterThan(1e6)
    }
  })
})

describe('the build of TensorFlow', () => {
  it('follows the driver unless the user decides', () => {
    expect(tensorflowVariant({}, () => true)).toBe('gpu')
    expect(tensorflowVariant({}, () => false)).toBe('cpu')
    expect(tensorflowVariant({ ABLATE_TENSORFLOW: 'cpu' }, () => true)).toBe('cpu')
    expect(tensorflowVariant({ ABLATE_TENSORFLOW: 'gpu' }, () => false)).toBe('gpu')
    expect(() => tensorflowVariant({ ABLATE_TENSORFLOW: 'tpu' }, () => false)).toThrow('set it to cpu or gpu')
  })

  it('takes libraries and headers out of the wheels and nothing else', () => {
    expect(placeOf('tensorflow/libtensorflow_cc.so.2')).toBe('lib/libtensorflow_cc.so.2')
    expect(placeOf('tensorflow/include/tensorflow/c/eager/c_api.h')).toBe('include/tensorflow/c/eager/c_api.h')
    expect(placeOf('tensorflow/include/xla/tsl/c/tsl_status.h')).toBe('include/xla/tsl/c/tsl_status.h')
    expect(placeOf('nvidia/cudnn/lib/libcudnn.so.9')).toBe('nvidia/cudnn/lib/libcudnn.so.9')
    expect(placeOf('nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc')).not.toBeNull()
    for (const name of [
      'tensorflow/python/x.so',
      'tensorflow/include/xla/array.h',
      'nvidia/cudnn/include/cudnn.h',
      'evil/../x',
    ])
      expect(placeOf(name), name).toBeNull()
  })
})

describe('the stock Electron', () => {
  it('leaves out what belongs to the app it was packed with', () => {
    expect(placeOfStock('Cypress/Cypress')).toBe('electron')
    expect(placeOfStock('Cypress/locales/de.pak')).toBe('locales/de.pak')
    for (const name of ['resources/app/index.js', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'])
      expect(placeOfStock(`Cypress/${name}`), name).toBeNull()
    expect(placeOfStock('elsewhere/file')).toBeNull()
  })

  it('needs its own build of better-sqlite3 as long as it is older than Node-API 10', () => {
    expect(needsOwnBuild('33.2.1')).toBe(true)
    expect(needsOwnBuild('36.0.0')).toBe(false)
    expect(needsOwnBuild(undefined)).toBe(false)
    expect(definesIn("'SQLITE_DQS=0', 'HAVE_USLEEP=1',\n 'SQLITE_SOUNDEX', 'other'")).toEqual([
      '-DSQLITE_DQS=0',
      '-DHAVE_USLEEP=1',
      '-DSQLITE_SOUNDEX',
    ])
  })
})

it('a Node is new enough from 22.12 on', () => {
  expect(['20.19.0', '22.11.9', '22.12.0', '23.0.0', '24.21.0'].map(isNewEnough)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ])
})

describe('the installed packages', () => {
  const wanted = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  }

  it('fit the lock file although those of another platform are absent', () => {
    expect(matchesLock(wanted, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true)
  })

  it('do not fit it when one is missing or of another version', () => {
    expect(matchesLock(wanted, { packages: {} })).toBe(false)
    expect(matchesLock(wanted, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false)
  })
})

describe('the count of tests', () => {
  const file = (status: string, tests: number) => ({
    status,
    assertionResults: Array.from({ length: tests }, () => ({})),
  })

  it('holds files that could not be loaded, and runs that broke off', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      testResults: [file('passed', 5), file('failed', 1), file('failed', 0)],
    }
    expect(countVitest(report, 1)).toEqual({ passed: 5, failed: 2 })
    expect(countVitest(null, 0)).toEqual({ passed: 0, failed: 1 })
    expect(countVitest({ numPassedTests: 5, numFailedTests: 0, testResults: [] }, 1)).toEqual({ passed: 5, failed: 1 })
  })

  it('counts a flaky end-to-end test as passed and an error outside of tests as failed', () => {
    const report = { stats: { expected: 3, flaky: 1, unexpected: 1, skipped: 2 }, errors: [{}] }
    expect(countPlaywright(report, 1)).toEqual({ passed: 4, failed: 2 })
    expect(countPlaywright(null, 1)).toEqual({ passed: 0, failed: 1 })
  })
})
