/** What is photographed: each view and state, with what leads there. */
import type { Page } from 'playwright-core'

export interface View {
  readonly name: string
  readonly path: string
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

/** Of a library with photographs, of which one folder is away and one holds broken files. */
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
  { name: 'selection', path: '/', seen: grid, act: select },
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
