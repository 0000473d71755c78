import { describe, expect, it } from 'vitest'
import { argumentOf, resolvePaths } from '../../../src-main/paths.ts'

describe('command line arguments', () => {
  it.each([
    [['--workspace', 'a b'], 'a b'],
    [['--workspace=x=y'], 'x=y'],
    [['--workspace='], null],
    [['--workspace', '--other'], null],
    [['--workspace'], null],
    [['--workspaces', 'x'], null],
    [[], null],
  ])('%o', (argv, expected) => expect(argumentOf(['electron', ...argv], 'workspace')).toBe(expected))
})

describe('paths', () => {
  const sources = { mainFolder: '/app/out/main', appFolder: '/app', userData: '/user', workingDirectory: '/here' }

  it('keeps the workspace beside the other user data, or where it is told', () => {
    expect(resolvePaths({ ...sources, argv: [] })).toEqual({
      preload: '/app/out/preload/index.cjs',
      renderer: '/app/out/renderer',
      icon: '/app/resources/icon.png',
      workspace: '/user/workspace',
      log: '/user/ablate.log',
      windowState: '/user/window.json',
    })
    expect(resolvePaths({ ...sources, argv: ['--workspace', 'mine'] }).workspace).toBe('/here/mine')
  })
})
