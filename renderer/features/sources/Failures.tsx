/** All files that failed for one reason, a page at a time. */
import { UnstyledButton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useRef, useState } from 'react'
import { PageTurner } from '../../components/PageTurner.js'
import { printableName } from '../../components/printableName.js'
import { QueryState } from '../../components/QueryState.js'
import { formatCount } from '../../text/format.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import styles from './Failures.module.css'

const words = text.sources
const filesPerPage = 100

interface FailuresProps {
  readonly reason: string
  readonly count: number
}

export function Failures({ reason, count }: FailuresProps) {
  const [opened, setOpened] = useState(false)
  return (
    <div className={styles.failure}>
      <UnstyledButton
        className={styles.reason}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        <ChevronDown size={16} aria-hidden data-opened={opened || undefined} />
        <span className={styles.words}>{printableName(reason)}</span>
        <span className={styles.count}>{formatCount(count)}</span>
      </UnstyledButton>
      {opened && <Files reason={reason} count={count} />}
    </div>
  )
}

function Files({ reason, count }: FailuresProps) {
  const [chosen, setChosen] = useState(1)
  // The chosen page may be gone once files were mended.
  const page = Math.min(chosen, Math.ceil(count / filesPerPage))
  const files = useQuery({
    ...orpc.library.failures.queryOptions({
      input: {
        root: null,
        reason,
        offset: (page - 1) * filesPerPage,
        limit: filesPerPage,
      },
    }),
    placeholderData: keepPreviousData,
  })
  const list = useRef<HTMLUListElement>(null)
  const turnTo = (next: number) => {
    setChosen(next)
    // A page is read from its top, wherever the former one was left.
    list.current?.firstElementChild?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <>
      <div className={styles.pages}>
        <PageTurner page={page} perPage={filesPerPage} count={count} onTurn={turnTo} />
      </div>
      <QueryState queries={[files]} failed={words.listFailed} />
      <ul className={styles.files} ref={list}>
        {files.data?.files.map(({ path }) => (
          <li key={path}>{printableName(path)}</li>
        ))}
      </ul>
    </>
  )
}
