/** The browser in which the window is tested, as it is measured. */
export { chromiumArguments, findChromium } from '../../bench/chromium.js'
