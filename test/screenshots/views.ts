/** What is photographed: each view and state, with what leads there. */
import type { Page } from 'playwright-core'

export interface View {
  readonly name: string
  readonly path: string
  /** What is done to the page before it asks for anything. */
  readonly prepare?: (page: Page) => Promise<unknown>
  /** What has to be seen before the picture is taken. */
  readonly seen: string
  /** What leads on from there. */
  readonly act?: (page: Page) => Promise<unknown>
}

const grid = '[role=grid] [role=gridcell] img'

async function select(page: Page): Promise<void> {
  await page.getByRole('grid').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
}

const filled = `${grid}[src]`

/** What stands there before there are answers, and when none will come. */
export const waiting: readonly View[] = [
  {
    name: 'loading',
    path: '/',
    seen: 'main',
    // It opens, and says nothing.
    prepare: (page) => page.routeWebSocket(/\/rpc$/, () => {}),
  },
  {
    name: 'tiles',
    path: '/',
    seen: '[role=grid] [role=gridcell]',
    prepare: (page) => page.route(/\/tiles\b/, () => {}),
  },
  {
    name: 'lost',
    path: '/',
    seen: 'text=The connection to Semblance was lost',
    prepare: (page) => page.addInitScript(loseConnection),
  },
]

/** The first connection is lost after a while, and none after it is ever opened. */
const loseConnection = `{
  const Real = WebSocket
  let connections = 0
  window.WebSocket = Object.assign(
    function (address) {
      if (++connections > 1) return new EventTarget()
      const socket = new Real(address)
      setTimeout(() => socket.close(), 4000)
      return socket
    },
    { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 },
  )
}`

/** Of a library of 100,000 photos. */
export const large: readonly View[] = [
  { name: 'large', path: '/', seen: filled },
  {
    name: 'large-middle',
    path: '/',
    seen: filled,
    act: async (page) => {
      await page.getByRole('grid').focus()
      for (let pages = 0; pages < 40; pages++) await page.keyboard.press('PageDown')
    },
  },
  { name: 'large-results', path: '/search?q=a+dog+in+the+snow', seen: filled },
  { name: 'large-filtered', path: '/search?q=mountains+after%3A2015', seen: filled },
]

/** Of a library with photographs. */
export const views: readonly View[] = [
  { name: 'library', path: '/', seen: grid },
  { name: 'results', path: '/search?q=flower', seen: grid },
  {
    name: 'suggestions',
    path: '/',
    seen: grid,
    async act(page) {
      await page.keyboard.press('/')
      await page.keyboard.type('gar')
      await page.getByRole('option').first().waitFor()
    },
  },
  { name: 'nothing', path: '/search?q=quarterly+tax+return', seen: 'text=Nothing here matches' },
  {
    name: 'filtered',
    path: '/search?q=before%3A1900',
    seen: 'text=The filters leave nothing',
  },
  {
    name: 'photo',
    path: '/search?q=flower',
    seen: grid,
    act: async (page) => {
      await page.getByRole('gridcell').first().click()
      await page.getByRole('complementary').getByText('Similar photos').waitFor()
    },
  },
  {
    name: 'where',
    path: '/search?q=boats',
    seen: grid,
    async act(page) {
      await page.getByRole('gridcell', { name: /boats/ }).first().click()
      await page.getByRole('complementary').getByRole('switch').press('Space')
      await page.locator('[role=dialog] canvas').waitFor()
    },
  },
  {
    name: 'things',
    path: '/search?q=object:boat',
    seen: grid,
    async act(page) {
      await page.getByRole('gridcell').first().click()
      await page.getByRole('complementary').getByText('Things in it').waitFor()
      await page.keyboard.press('o')
      await page.locator('[role=dialog] svg[role=img]').waitFor()
    },
  },
  { name: 'selection', path: '/', seen: grid, act: select },
  { name: 'teach', path: '/teach', seen: 'article canvas' },
  {
    name: 'models',
    path: '/models',
    seen: 'main li',
    act: (page) => page.getByRole('button', { name: 'Details' }).first().click(),
  },
  { name: 'settings', path: '/settings', seen: 'text=Privacy' },
  { name: 'palette', path: '/', seen: grid, act: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', path: '/', seen: grid, act: (page) => page.keyboard.press('?') },
  {
    name: 'folders',
    path: '/sources',
    seen: 'main li',
    act: (page) => page.getByRole('button', { name: 'Add folder' }).click(),
  },
]

/** Of the same when one of its folders is away, and one holds broken files. */
export const broken: readonly View[] = [
  {
    name: 'sources',
    path: '/sources',
    seen: 'text=What could not be read',
    act: (page) => page.getByRole('button', { name: /^truncated/ }).click(),
  },
  {
    name: 'jobs',
    path: '/',
    seen: grid,
    act: (page) => page.getByRole('button', { name: /^Work in the background/ }).click(),
  },
  { name: 'offline', path: '/search?q=is%3Aoffline', seen: grid },
  {
    name: 'offline-photo',
    path: '/search?q=is%3Aoffline',
    seen: grid,
    act: async (page) => {
      await page.getByRole('gridcell').first().click()
      await page.getByRole('complementary').getByText('Similar photos').waitFor()
    },
  },
]
