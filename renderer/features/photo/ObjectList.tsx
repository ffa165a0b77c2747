/** What was found in a photo, in words: "2 dogs", "1 person". Each leads to all photos that show it. */
import type { PhotoObject } from '../../../shared/domain/photo.js'
import { formatValue } from '../../../shared/query/formatQuery.js'
import { countObjects, countOfObjects } from '../../../shared/query/objects/vocabulary.js'
import { openSearch } from '../../app/navigation.js'
import { text } from '../../text/text.js'
import styles from './InfoPanel.module.css'
import { Section } from './Section.js'

export interface ObjectListProps {
  readonly objects: readonly PhotoObject[]
  /** A class that is pointed at or in focus; null when it no longer is. */
  readonly onPoint: (name: string | null) => void
}

const words = text.photo

export function ObjectList({ objects, onPoint }: ObjectListProps) {
  if (objects.length === 0) return null
  const leave = () => onPoint(null)
  return (
    <Section title={words.objects}>
      <ul className={styles.things}>
        {countObjects(objects).map(({ name, count }) => (
          <li key={name}>
            <button
              type="button"
              title={words.findObject(name)}
              onClick={() => openSearch(`object:${formatValue(name)}`)}
              onPointerEnter={() => onPoint(name)}
              onPointerLeave={leave}
              onFocus={() => onPoint(name)}
              onBlur={leave}
            >
              {countOfObjects(name, count)}
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
