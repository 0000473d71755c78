import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { newFolders, projectRoot, test } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { writePictureFolder } from '../support/picture-folder.ts'

/** Large enough that a thread of the trainer makes the batches. */
const fields = {
  'Input size': '112',
  'Resize to': '120',
  'Width multiplier': '0.06',
  'Batch size': '16',
  Epochs: '2',
}

test('a data set imported in the terminal trains in the window', async ({ launch }) => {
  test.setTimeout(180_000)
  const folders = newFolders()
  const pictures = join(folders.userData, 'pictures')
  await writePictureFolder(pictures, { classes: 3, perClass: 40, size: 128 })
  const command = ['dataset', 'import', pictures, '--name', 'Grey patches', '--size', '120']
  const program = join(projectRoot, 'src-cli/index.ts')
  execFileSync(process.execPath, [program, ...command, '--workspace', folders.workspace], { stdio: 'ignore' })

  const { window } = await launch(folders)
  const workbench = new WorkbenchPage(window)
  await workbench.openNewRun()
  await workbench.newRun.unfold()
  await window.getByLabel('Data set', { exact: true }).selectOption({ label: 'Grey patches' })
  await workbench.newRun.fill({ name: 'patches', fields })
  await window.getByLabel('Random crop', { exact: true }).check()
  await workbench.newRun.start()
  await workbench.runs.expectState('patches', 'Finished')
})
