import './lib/zod-setup.ts'
import './fonts.css'
import './app.css'
import { mount } from 'svelte'
import { createClient } from '../src-core/contract/client.ts'
import App from './App.svelte'
import { Workbench } from './state/workbench.svelte.ts'

const workbench = new Workbench(createClient(window.ablate))
void workbench.load()

mount(App, { target: document.getElementById('app')!, props: { workbench } })
