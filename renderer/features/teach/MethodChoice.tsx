/** How a model is taught, with what each way takes. */
import { Radio } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TeachMethod } from '../../../shared/domain/teaching.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import styles from './TeachView.module.css'

const words = text.teach
const methods = Object.keys(words.methods) as TeachMethod[]

interface MethodChoiceProps {
  readonly method: TeachMethod
  readonly onChange: (method: TeachMethod) => void
  /** Photos with words; null while nothing can be learned. */
  readonly pairs: number | null
  /** What the person allows, at most. */
  readonly minutes: number | null
}

export function MethodChoice({ method, onChange, pairs, minutes }: MethodChoiceProps) {
  const { data: estimate } = useQuery({
    ...orpc.teach.estimate.queryOptions({ input: { pairs: pairs ?? 1 } }),
    enabled: pairs !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  function timeOf(one: TeachMethod): string | null {
    if (estimate === undefined || pairs === null) return null
    if (one === 'deep') return null
    // Photos are encoded before and after, whatever the limit on learning.
    const { quick, scratch } = estimate
    if (one === 'quick') return words.takes(quick)
    return words.takes(minutes === null ? scratch : quick + 60 * minutes)
  }
  return (
    <Radio.Group
      value={method}
      onChange={(value) => onChange(value as TeachMethod)}
      aria-label={words.method}
    >
      <div className={styles.methods}>
        {methods.map((one) => {
          const time = timeOf(one)
          return (
            <Radio
              key={one}
              value={one}
              label={words.methods[one]}
              description={
                <>
                  {words.methodHints[one]}
                  {time !== null && <small>{time}</small>}
                </>
              }
            />
          )
        })}
      </div>
    </Radio.Group>
  )
}
