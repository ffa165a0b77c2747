/** A part of the information panel. */
import type { ReactNode } from 'react'
import styles from './InfoPanel.module.css'

export interface SectionProps {
  readonly title: string
  readonly children: ReactNode
}

export function Section({ title, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}
