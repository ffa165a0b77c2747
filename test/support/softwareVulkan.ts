/** SwiftShader, the software Vulkan that comes with Chromium, on which tests run WebGPU. */
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { findChromium } from './chromium.js'

/** Debian starts Chromium by a script in /usr/bin, its files lie here. */
const usualFolders = ['/usr/lib/chromium', '/usr/lib/chromium-browser']

/** Where the globalSetup leaves the path of SwiftShader's description for the tests. */
const variable = 'SOFTWARE_VULKAN'

/**
 * The dynamic linker reads where libraries lie when a process starts, so that is told here, for the
 * processes in which test files run.
 */
export function setup(): void {
  if (process.platform !== 'linux') return
  const chromium = findChromium()
  const folders = [...(chromium ? [dirname(realpathSync(chromium))] : []), ...usualFolders]
  const folder = folders.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')))
  if (folder === undefined) {
    console.log('WebGPU tests are skipped: no SwiftShader (it comes with Chromium) was found here.')
    return
  }
  process.env[variable] = join(folder, 'vk_swiftshader_icd.json')
  const libraries = [process.env['LD_LIBRARY_PATH'], folder].filter((path) => path)
  process.env['LD_LIBRARY_PATH'] = libraries.join(delimiter)
}

/** Whether there is a Vulkan driver that computes the same on every machine. */
export const hasSoftwareVulkan = process.env[variable] !== undefined

/** Has this process and its threads use that driver, whatever graphics device there is. */
export function useSoftwareVulkan(): void {
  process.env['VK_DRIVER_FILES'] = process.env[variable]
}
