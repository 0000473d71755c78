import { createContext } from 'svelte'
import type { Command } from './state/commands.svelte.ts'
import type { Workbench } from './state/workbench.svelte.ts'

export const [getWorkbench, setWorkbench] = createContext<Workbench>()
export const [getCommands, setCommands] = createContext<readonly Command[]>()
