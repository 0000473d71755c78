// A bare window of the same Chromium that draws Ablate, to open TensorBoard in.
const { app, BrowserWindow } = require('electron')

void app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('about:blank'))
