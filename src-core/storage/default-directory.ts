import { homedir } from 'node:os'
import { join } from 'node:path'

/** The application's own folder of user data, where Electron would put it too. */
export function userDataDirectory(platform = process.platform, env = process.env, home = homedir()): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'ablate')
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'ablate')
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'ablate')
}

/** The workspace that the window and the command line share when neither is told another. */
export function defaultWorkspaceDirectory(): string {
  return join(userDataDirectory(), 'workspace')
}
