/** What a lesson would learn from: how much it is, what stands against it, and some of the pairs. */
import { Button, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import type { TeachPreview, TeachWords } from '../../../shared/domain/teaching.js'
import { text } from '../../text/text.js'
import { imageAddress } from '../../transport/imageAddress.js'
import { PairPages } from './PairPages.js'
import styles from './TeachView.module.css'

export interface LessonPreviewProps {
  readonly preview: TeachPreview
  readonly use: TeachWords
  /** The library's uid. */
  readonly library: string
}

const words = text.teach
const examplesShown = 6

export function LessonPreview({ preview, use, library }: LessonPreviewProps) {
  const [all, setAll] = useState(false)
  return (
    <>
      <section aria-live="polite">
        <Text size="sm" fw={550}>
          {words.pairs(preview.pairs, preview.photos)}
          {preview.heldOut > 0 && ` · ${words.heldOut(preview.heldOut)}`}
        </Text>
        {preview.warnings.map((warning) => (
          <Text key={warning} size="sm" className={styles.warning}>
            {warning}
          </Text>
        ))}
        <ul className={styles.examples} aria-label={words.examples}>
          {preview.examples.slice(0, examplesShown).map(({ photoId, captions }) => (
            <li key={photoId}>
              <img src={imageAddress(library, photoId, 'tile')} alt="" />
              <span>{captions[0]}</span>
            </li>
          ))}
        </ul>
        {preview.pairs > 0 && (
          <Button variant="default" size="xs" mt="sm" onClick={() => setAll(true)}>
            {words.showPairs}
          </Button>
        )}
      </section>
      <Modal
        opened={all}
        onClose={() => setAll(false)}
        title={words.allPairs}
        size="72rem"
        centered
      >
        <PairPages packedIds={preview.ids} use={use} library={library} />
      </Modal>
    </>
  )
}
