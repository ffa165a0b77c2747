/** The pictures that a query looks for, since `picture:` and `like:` show nothing. */

import type { Term } from '../../../shared/query/query.js'
import { text } from '../../text/text.js'
import { imageAddress, pictureAddress } from '../../transport/imageAddress.js'
import styles from './QueryPictures.module.css'

export interface QueryPicturesProps {
  readonly terms: readonly Term[]
  readonly library: string
}

export function QueryPictures({ terms, library }: QueryPicturesProps) {
  return terms.flatMap((term) => {
    const address = addressOf(term, library)
    if (address === null) return []
    return (
      <img
        key={address}
        src={address}
        alt={text.search.queryPicture}
        className={styles.picture}
        data-unwanted={term.weight < 0 || undefined}
      />
    )
  })
}

function addressOf(term: Term, library: string): string | null {
  switch (term.kind) {
    case 'words':
      return null
    case 'like':
      return imageAddress(library, term.photoId, 'tile')
    case 'picture':
      return pictureAddress(term.picture)
  }
}
