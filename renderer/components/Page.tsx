/** A view that is read from top to bottom, and scrolls at the window's edge. */
import type { ReactNode } from 'react'
import styles from './Page.module.css'

export function Page({ children }: { readonly children: ReactNode }) {
  return <div className={styles.page}>{children}</div>
}
