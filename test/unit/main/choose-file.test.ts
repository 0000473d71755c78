import { expect, it, vi } from 'vitest'
import { modelFileChooser, type ShowOpenDialog } from '../../../src-main/window/choose-file.ts'

const chosen = (...filePaths: string[]) => Promise.resolve({ canceled: filePaths.length === 0, filePaths })

it('a file with weights is chosen among those of the known formats', async () => {
  const show = vi.fn<ShowOpenDialog>(() => chosen('/w/alexnet.safetensors'))
  expect(await modelFileChooser(show)()).toBe('/w/alexnet.safetensors')
  const [options] = show.mock.calls[0]!
  expect(options.properties).toEqual(['openFile'])
  expect(options.filters!.flatMap(({ extensions }) => extensions)).toEqual(['safetensors', 'json'])
})

it('cancelling answers null', async () => {
  expect(await modelFileChooser(() => chosen())()).toBeNull()
})

it('there is one dialog at a time, and a next one afterwards, also after one that failed', async () => {
  const answers = [chosen('/a'), Promise.reject(new Error('no display')), chosen('/b')]
  const show = vi.fn<ShowOpenDialog>(() => answers.shift()!)
  const choose = modelFileChooser(show)
  expect(await Promise.all([choose(), choose()])).toEqual(['/a', '/a'])
  expect(show).toHaveBeenCalledTimes(1)
  await expect(choose()).rejects.toThrow('no display')
  expect(await choose()).toBe('/b')
})
