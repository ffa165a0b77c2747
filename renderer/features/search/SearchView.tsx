/** What a query found, best first, with an honest line between good and weak. */
import { Button, Center, SegmentedControl, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { RankedPhotos, SearchOrder } from '../../../shared/domain/search.js'
import { parseQuery } from '../../../shared/query/parseQuery.js'
import { openSearch, paths, useOpenPhoto, useQueryText } from '../../app/navigation.js'
import { PhotoGrid } from '../../components/PhotoGrid/PhotoGrid.js'
import { unpackColumns } from '../../components/photoColumns.js'
import { QueryState } from '../../components/QueryState.js'
import { Toolbar } from '../../components/Toolbar.js'
import { text } from '../../text/text.js'
import { useLeftToIndex } from '../jobs/useLeftToIndex.js'
import { useGridSize } from '../library/gridSize.js'
import { SizeSlider } from '../library/SizeSlider.js'
import { useLibrary } from '../library/useLibrary.js'
import { setViewedList } from '../photo/viewedList.js'
import { SelectionBar } from '../selection/SelectionBar.js'
import { judge } from './judge.js'
import { LanguageNotice } from './LanguageNotice.js'
import { QueryPictures } from './QueryPictures.js'
import { searchQuery } from './searchQuery.js'
import { WhyOverlay } from './WhyOverlay.js'

const words = text.search

export function SearchView() {
  const query = useQueryText()
  const order = (useSearchParams()[0].get('order') ?? 'relevance') as SearchOrder
  const [shownFor, setShownFor] = useState<string | null>(null)
  const result = useQuery({
    ...searchQuery(query, order),
    placeholderData: (before) => before,
  })
  // What is still to be indexed is counted after what was found.
  const status = useLibrary({ enabled: result.isFetched })
  const list = useMemo(() => (result.data ? unpackColumns(result.data) : null), [result.data])
  const { terms, filters } = useMemo(() => parseQuery(query), [query])
  const rowHeight = useGridSize((state) => state.rowHeight)
  const [, openPhoto] = useOpenPhoto()
  useEffect(() => {
    if (list) setViewedList(list.ids)
  }, [list])

  if (result.error || !result.data || !list) {
    return <QueryState queries={[result]} failed={words.failed} />
  }
  // What resembles a picture best is worth seeing, however little that is.
  const hasWords = terms.some(({ kind }) => kind === 'words')
  const empty = list.ids.length === 0 && filters.length > 0
  const hidden = result.data.verdict === 'nothing' && hasWords && shownFor !== query
  return (
    <>
      <Toolbar
        title={words.results}
        detail={
          <>
            <QueryPictures terms={terms} library={result.data.library} />
            <Summary result={result.data} toIndex={status.data?.toIndex ?? 0} />
          </>
        }
      >
        {!hidden && !empty && <SizeSlider />}
        <SegmentedControl
          size="xs"
          aria-label={words.order}
          value={order}
          onChange={(value) => openSearch(query, value as SearchOrder, { replace: true })}
          data={[
            { value: 'relevance', label: words.relevance },
            { value: 'newest', label: words.newest },
            { value: 'oldest', label: words.oldest },
          ]}
        />
      </Toolbar>
      {result.data.unknownLanguage !== null && (
        <LanguageNotice language={result.data.unknownLanguage} />
      )}
      {empty ? (
        <NothingLeft />
      ) : hidden ? (
        <Nothing onShow={() => setShownFor(query)} />
      ) : (
        <PhotoGrid
          key={`${query} ${order}`}
          list={list}
          library={result.data.library}
          grouping="none"
          rowHeight={rowHeight}
          label={words.results}
          breakBefore={result.data.verdict === 'all' ? null : result.data.strong}
          breakLabel={result.data.strong > 0 ? words.weaker : words.weakOnly}
          overlay={(id, focused) => <WhyOverlay query={query} id={id} focused={focused} />}
          onKey={(key, id) => {
            if (key === 'g') void judge(query, [id], 'match')
            if (key === 'b') void judge(query, [id], 'no match')
          }}
          onOpen={openPhoto}
        />
      )}
      <SelectionBar query={query} />
    </>
  )
}

function Summary({ result, toIndex }: { readonly result: RankedPhotos; readonly toIndex: number }) {
  const left = useLeftToIndex(toIndex)
  const count = result.verdict === 'all' ? words.all(result.total) : words.strong(result.strong)
  return (
    <>
      <span aria-live="polite">{result.verdict === 'nothing' ? words.nothingTitle : count}</span>
      {left > 0 && ` · ${words.indexing(left)}`}
    </>
  )
}

function Nothing({ onShow }: { readonly onShow: () => void }) {
  return (
    <Center h="100%" p="xl">
      <Stack align="center" maw={460} ta="center">
        <Text fz={22} fw={600}>
          {words.nothingTitle}
        </Text>
        <Text c="dimmed">{words.nothing}</Text>
        <Button variant="default" onClick={onShow}>
          {words.showAnyway}
        </Button>
        <Button variant="subtle" component={Link} href={paths.teach}>
          {words.teach}
        </Button>
      </Stack>
    </Center>
  )
}

/** Filters that no photo meets; there are no nearest ones to show. */
function NothingLeft() {
  return (
    <Center h="100%" p="xl">
      <Stack align="center" maw={460} ta="center">
        <Text fz={22} fw={600}>
          {words.noneTitle}
        </Text>
        <Text c="dimmed">{words.none}</Text>
      </Stack>
    </Center>
  )
}
