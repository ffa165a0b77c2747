/** Every photo that a lesson would learn from, with all its words, page by page. */
import { ScrollArea } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { type Packed, unpack } from '../../../shared/domain/packed.js'
import type { TeachWords } from '../../../shared/domain/teaching.js'
import { PageTurner } from '../../components/PageTurner.js'
import { QueryState } from '../../components/QueryState.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { imageAddress } from '../../transport/imageAddress.js'
import styles from './TeachView.module.css'

export interface PairPagesProps {
  readonly packedIds: Packed
  readonly use: TeachWords
  /** The library's uid. */
  readonly library: string
}

const words = text.teach
const perPage = 60

export function PairPages({ packedIds, use, library }: PairPagesProps) {
  const ids = useMemo(() => unpack(packedIds), [packedIds])
  const [chosen, setChosen] = useState(1)
  const pages = Math.max(1, Math.ceil(ids.length / perPage))
  // There may be fewer pages than before: words are taken away elsewhere, too.
  const page = Math.min(chosen, pages)
  const shown = [...ids.subarray((page - 1) * perPage, page * perPage)]
  const pairs = useQuery({
    ...orpc.teach.pairs.queryOptions({ input: { ids: shown, words: use } }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <QueryState queries={[pairs]} failed={words.pairsFailed} />
      {/* Each page begins at its top. */}
      <ScrollArea.Autosize
        key={page}
        mah="calc(90dvh - 9rem)"
        mb="md"
        offsetScrollbars
        viewportProps={{ tabIndex: 0 }}
      >
        <ul className={styles.pairs} aria-label={words.allPairs}>
          {pairs.data?.map(({ photoId, captions }) => (
            <li key={photoId}>
              <img src={imageAddress(library, photoId, 'tile')} alt="" loading="lazy" />
              <ul>
                {captions.map((caption) => (
                  <li key={caption}>{caption}</li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </ScrollArea.Autosize>
      <PageTurner page={page} perPage={perPage} count={ids.length} onTurn={setChosen} />
    </>
  )
}
