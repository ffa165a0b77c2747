/** All photos, by date. */
import { Button, Center, Loader, SegmentedControl, Stack, Text } from '@mantine/core'
import { useTimeout } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { paths, useOpenPhoto } from '../../app/navigation.js'
import { PhotoGrid } from '../../components/PhotoGrid/PhotoGrid.js'
import { unpackColumns } from '../../components/photoColumns.js'
import { QueryState } from '../../components/QueryState.js'
import { Toolbar } from '../../components/Toolbar.js'
import { text } from '../../text/text.js'
import { type Order, timelineQuery } from '../../transport/timelineQuery.js'
import { setViewedList } from '../photo/viewedList.js'
import { SelectionBar } from '../selection/SelectionBar.js'
import { WelcomeView } from '../welcome/WelcomeView.js'
import { useGridSize } from './gridSize.js'
import { SizeSlider } from './SizeSlider.js'
import { useLibrary } from './useLibrary.js'

/** By then the first pictures are there. */
const countAfterMs = 1_000

export function LibraryView() {
  const [order, setOrder] = useState<Order>('newest')
  const timeline = useQuery({
    ...timelineQuery(order),
    placeholderData: (before) => before,
  })
  // Counting takes a large library longer than listing, and neither photos nor a search need wait for it.
  const [rested, setRested] = useState(false)
  useTimeout(() => setRested(true), countAfterMs, { autoInvoke: true })
  const list = useMemo(() => (timeline.data ? unpackColumns(timeline.data) : null), [timeline.data])
  const status = useLibrary({ enabled: timeline.isFetched && (rested || list?.ids.length === 0) })
  const rowHeight = useGridSize((state) => state.rowHeight)
  const [, openPhoto] = useOpenPhoto()
  // Not only when a photo is opened here: an address may name one.
  useEffect(() => {
    if (list) setViewedList(list.ids)
  }, [list])

  const error = timeline.error ?? status.error
  if (error || !timeline.data || !list || (list.ids.length === 0 && !status.data)) {
    const { loading, failed } = text.library
    return <QueryState queries={[timeline, status]} loading={loading} failed={failed} />
  }
  const reading = status.data?.roots.some(({ scanning }) => scanning) ?? false
  const count = text.library.count(list.ids.length)
  if (status.data?.roots.length === 0) return <WelcomeView />
  if (list.ids.length === 0) return <Empty reading={reading} />
  return (
    <>
      <Toolbar title={text.library.title} detail={reading ? text.library.more(count) : count}>
        <SizeSlider />
        <SegmentedControl
          size="xs"
          aria-label={text.library.order}
          value={order}
          onChange={(value) => setOrder(value as Order)}
          data={[
            { value: 'newest', label: text.library.newest },
            { value: 'oldest', label: text.library.oldest },
          ]}
        />
      </Toolbar>
      <PhotoGrid
        key={order}
        list={list}
        library={timeline.data.library}
        grouping="month"
        rowHeight={rowHeight}
        label={text.library.grid}
        onOpen={openPhoto}
      />
      <SelectionBar />
    </>
  )
}

function Empty({ reading }: { reading: boolean }) {
  return (
    <Center h="100%" p="xl">
      <Stack align="center" maw={460} ta="center">
        {reading && <Loader aria-hidden />}
        <Text fz={22} fw={600} role="status">
          {reading ? text.library.readingTitle : text.library.nothingTitle}
        </Text>
        <Text c="dimmed">{reading ? text.library.reading : text.library.nothing}</Text>
        <Button variant="default" component={Link} href={paths.sources}>
          {text.library.toSources}
        </Button>
      </Stack>
    </Center>
  )
}
