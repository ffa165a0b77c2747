/** One photo, large, over whatever view it was opened from. */
import { ActionIcon, FocusTrap, Loader, Portal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import {
  ChevronLeft,
  ChevronRight,
  FolderSearch,
  Info,
  Maximize,
  Shapes,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { describeError } from '../../app/describeError.js'
import { useOpenPhoto } from '../../app/navigation.js'
import { printableName } from '../../components/printableName.js'
import { text } from '../../text/text.js'
import { host, orpc } from '../../transport/engine.js'
import { imageAddress } from '../../transport/imageAddress.js'
import { useLibrary } from '../library/useLibrary.js'
import { InfoPanel } from './InfoPanel.js'
import { MatchMapOverlay } from './MatchMapOverlay.js'
import { ObjectBoxes } from './ObjectBoxes.js'
import styles from './PhotoView.module.css'
import { useZoom } from './useZoom.js'
import { useViewedList } from './viewedList.js'

const words = text.photo

export function PhotoView() {
  const [id] = useOpenPhoto()
  return id === null ? null : <OpenPhoto id={id} />
}

/** Stays as it is from photo to photo, so that keys pressed in a hurry are not lost. */
function OpenPhoto({ id }: { readonly id: number }) {
  const [, openPhoto] = useOpenPhoto()
  const [info, setInfo] = useState(() => localStorage.getItem('semblance info') !== 'hidden')
  const [map, setMap] = useState<{ id: number; words: string } | null>(null)
  const [allBoxes, setAllBoxes] = useState(false)
  const [pointed, setPointed] = useState<string | null>(null)
  const mapWords = map?.id === id ? map.words : null
  const library = useLibrary().data?.uid
  const detail = useQuery(orpc.photos.get.queryOptions({ input: { id } }))
  const ids = useViewedList((state) => state.ids)
  const objects = detail.data?.objects ?? []
  const boxed = objects.filter(({ name }) => (pointed === null ? allBoxes : name === pointed))
  const toggleBoxes = () => setAllBoxes(!allBoxes)
  const place = ids.indexOf(id)
  const next = place >= 0 ? ids[place + 1] : undefined
  const previous = place > 0 ? ids[place - 1] : undefined
  const zoom = useZoom(id)
  const close = () => openPhoto(null)
  const go = (to: number | undefined) => to !== undefined && openPhoto(to)
  const toggleInfo = () => {
    localStorage.setItem('semblance info', info ? 'hidden' : 'shown')
    setInfo(!info)
  }

  useEffect(() => {
    if (!library) return
    for (const near of [next, previous]) {
      if (near !== undefined) new Image().src = imageAddress(library, near, 'preview')
    }
  }, [library, next, previous])

  const actions = new Map<string, () => void>([
    ['Escape', close],
    [' ', close],
    ['ArrowRight', () => go(next)],
    ['ArrowLeft', () => go(previous)],
    ['i', toggleInfo],
    ['o', toggleBoxes],
    ['+', () => zoom.by(1.5)],
    ['=', () => zoom.by(1.5)],
    ['-', () => zoom.by(1 / 1.5)],
    ['0', zoom.fit],
  ])
  const onKeyDown = (event: React.KeyboardEvent) => {
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea')
    const button = event.target instanceof HTMLElement && event.target.matches('button')
    if (typing || event.ctrlKey || event.metaKey || (button && event.key === ' ')) return
    const act = actions.get(event.key)
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  const name = printableName(detail.data?.name ?? '')
  return (
    <Portal>
      <FocusTrap active>
        <div
          className={styles.view}
          role="dialog"
          aria-modal
          aria-label={detail.data ? `${words.view}: ${name}` : words.view}
          onKeyDown={onKeyDown}
        >
          <div className={styles.stageSide}>
            <header className={styles.bar}>
              <Tool label={words.close} onClick={close} icon={<X size={20} />} />
              <span className={styles.name}>{name}</span>
              <Tool
                label={words.zoomOut}
                onClick={() => zoom.by(1 / 1.5)}
                icon={<ZoomOut size={18} />}
              />
              <Tool label={words.fit} onClick={zoom.fit} icon={<Maximize size={18} />} />
              <Tool label={words.zoomIn} onClick={() => zoom.by(1.5)} icon={<ZoomIn size={18} />} />
              {objects.length > 0 && (
                <Tool
                  label={words.showBoxes}
                  onClick={toggleBoxes}
                  icon={<Shapes size={18} />}
                  pressed={allBoxes}
                />
              )}
              {host && (
                <Tool
                  label={words.reveal}
                  onClick={() => void host?.reveal(id)}
                  icon={<FolderSearch size={18} />}
                />
              )}
              <Tool
                label={words.info}
                onClick={toggleInfo}
                icon={<Info size={18} />}
                pressed={info}
              />
            </header>
            <div
              className={styles.stage}
              ref={zoom.stage}
              tabIndex={-1}
              data-autofocus
              {...zoom.handlers}
            >
              {detail.error && (
                <p className={styles.failure} role="alert">
                  {words.failed}: {describeError(detail.error)}
                </p>
              )}
              {!detail.data && !detail.error && <Loader color="gray" />}
              {library && detail.data && (
                <div className={styles.picture} style={zoom.style}>
                  <Picture
                    key={id}
                    tile={imageAddress(library, id, 'tile')}
                    full={imageAddress(library, id, zoom.large ? 'original' : 'preview')}
                    alt={detail.data.caption ?? name}
                    width={detail.data.width}
                    height={detail.data.height}
                  />
                  {mapWords && (
                    <MatchMapOverlay
                      id={id}
                      words={mapWords}
                      ratio={(detail.data.width ?? 1) / (detail.data.height ?? 1)}
                    />
                  )}
                  {boxed.length > 0 && detail.data.width && detail.data.height && (
                    <ObjectBoxes
                      objects={boxed}
                      width={detail.data.width}
                      height={detail.data.height}
                    />
                  )}
                </div>
              )}
            </div>
            {previous !== undefined && (
              <button
                type="button"
                className={styles.previous}
                aria-label={words.previous}
                onClick={() => go(previous)}
              >
                <ChevronLeft size={28} aria-hidden />
              </button>
            )}
            {next !== undefined && (
              <button
                type="button"
                className={styles.next}
                aria-label={words.next}
                onClick={() => go(next)}
              >
                <ChevronRight size={28} aria-hidden />
              </button>
            )}
          </div>
          {info && detail.data && library && (
            <InfoPanel
              key={id}
              photo={detail.data}
              library={library}
              mapWords={mapWords}
              onMap={(words) => setMap(words === null ? null : { id, words })}
              onPoint={setPointed}
            />
          )}
        </div>
      </FocusTrap>
    </Portal>
  )
}

interface ToolProps {
  readonly label: string
  readonly icon: ReactNode
  readonly onClick: () => void
  readonly pressed?: boolean
}

function Tool({ label, icon, onClick, pressed }: ToolProps) {
  return (
    <ActionIcon
      className={styles.tool!}
      variant="transparent"
      size="lg"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      {icon}
    </ActionIcon>
  )
}

interface PictureProps {
  readonly tile: string
  readonly full: string
  readonly alt: string
  readonly width: number | null
  readonly height: number | null
}

/** The tile at once, and the full picture over it as soon as it is there. */
function Picture({ tile, full, alt, width, height }: PictureProps) {
  const [loaded, setLoaded] = useState('')
  useEffect(() => {
    const image = new Image()
    image.onload = () => setLoaded(full)
    image.src = full
    return () => {
      image.onload = null
    }
  }, [full])
  const ratio = width && height ? { aspectRatio: `${width} / ${height}` } : {}
  return <img src={loaded || tile} alt={alt} draggable={false} style={ratio} />
}
