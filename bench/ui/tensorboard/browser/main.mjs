// A bare window of the same Chromium that draws Ablate, to open TensorBoard in.
import { app, BrowserWindow } from 'electron'

void app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('about:blank'))
