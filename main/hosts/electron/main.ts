/** Entry of the desktop app: one instance, one window, one engine. */
import { join } from 'node:path'
import { app, dialog } from 'electron'
import { lockPages } from './lockDown.js'
import { registerScheme } from './protocol.js'
import { runApp } from './runApp.js'
import { text } from './text.js'

app.setName(text.appName)
if (!app.commandLine.hasSwitch('user-data-dir')) {
  // Not the default: on macOS that is where the library lives.
  app.setPath('userData', join(app.getPath('appData'), 'Semblance Desktop'))
}
app.enableSandbox()
registerScheme()
lockPages(app)

if (app.requestSingleInstanceLock()) {
  runApp().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    dialog.showErrorBox(text.startFailed, reason)
    app.exit(1)
  })
} else {
  // The first instance is told, and shows its window.
  app.quit()
}
