/** The line above a view: what it is, and how it is shown. */
import type { ReactNode } from 'react'
import styles from './Toolbar.module.css'

export interface ToolbarProps {
  readonly title: string
  readonly detail?: ReactNode
  readonly children?: ReactNode
}

export function Toolbar({ title, detail, children }: ToolbarProps) {
  return (
    <div className={styles.toolbar}>
      <h1 className={styles.title}>{title}</h1>
      <span className={styles.detail}>{detail}</span>
      <span className={styles.space} />
      {children}
    </div>
  )
}
