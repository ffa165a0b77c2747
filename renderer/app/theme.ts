/** Colours, type and spacing: neutral greys, so that photos bring the colour. */
import { type CSSVariablesResolver, createTheme, Loader, Modal, Notification } from '@mantine/core'
import { text } from '../text/text.js'

const closeButtonProps = { 'aria-label': text.app.close }

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Loader: Loader.extend({ defaultProps: { role: 'status', 'aria-label': text.app.loading } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps } }),
  },
  colors: {
    iris: [
      '#eef1ff',
      '#dbe1ff',
      '#b6c2ff',
      '#8fa2ff',
      '#7189fb',
      '#6f88f5',
      '#4a62dd',
      '#3c54c8',
      '#3247ab',
      '#28398a',
    ],
    dark: [
      '#e6e7ea',
      '#b9bcc4',
      '#9a9ea8',
      '#6c717d',
      '#3f434d',
      '#30333b',
      '#24272d',
      '#1a1c21',
      '#131519',
      '#0c0d10',
    ],
  },
})

/** What stands behind photos, and quiet words that still can be read (4.5 to 1). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c626e',
    '--semblance-canvas': '#fbfbfc',
    '--semblance-panel': '#f2f3f5',
    '--semblance-line': '#e1e3e8',
    '--semblance-tile': '#e6e8ec',
  },
  dark: {
    '--mantine-color-body': '#16181c',
    '--mantine-color-dimmed': '#a3a8b3',
    '--semblance-canvas': '#16181c',
    '--semblance-panel': '#1c1f24',
    '--semblance-line': '#2b2e35',
    '--semblance-tile': '#24272d',
  },
})
