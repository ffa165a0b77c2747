/** Curves over steps. */
import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'

export interface Curve {
  readonly label: string
  /** A variable of CSS that is a colour, such as `--mantine-color-text`. */
  readonly color: string
  readonly values: readonly (number | null)[]
  readonly dashed?: boolean
}

export interface LineChartProps {
  /** What it shows, for whoever cannot see it. */
  readonly label: string
  readonly stepLabel: string
  readonly steps: readonly number[]
  readonly curves: readonly Curve[]
}

const chartHeight = 180

export function LineChart({ label, stepLabel, steps, curves }: LineChartProps) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = canvas.current
    if (!element || width === 0) return
    // A canvas knows no variables: they are looked up, again for each theme.
    const style = getComputedStyle(element)
    const colorOf = (name: string) => style.getPropertyValue(name)
    const axis = {
      stroke: colorOf('--mantine-color-dimmed'),
      grid: { stroke: colorOf('--semblance-line'), width: 1 },
      ticks: { show: false },
    }
    const chart = new uPlot(
      {
        width,
        height: chartHeight,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false } },
        axes: [axis, { ...axis, size: 46 }],
        series: [
          { label: stepLabel },
          ...curves.map(({ label: name, color, dashed }) => ({
            label: name,
            stroke: colorOf(color),
            width: 2,
            spanGaps: true,
            points: { show: false },
            ...(dashed ? { dash: [4, 4] } : {}),
          })),
        ],
      },
      [[...steps], ...curves.map(({ values }) => [...values])] as uPlot.AlignedData,
      element,
    )
    return () => chart.destroy()
  }, [width, steps, curves, stepLabel, scheme])
  return (
    <figure
      style={{ margin: 0 }}
      role="img"
      aria-label={`${label}: ${lastValues(curves)}`}
      ref={ref}
    >
      <figcaption style={{ fontSize: 13, marginBottom: 4 }}>{label}</figcaption>
      <div ref={canvas} style={{ height: chartHeight }} />
      <div style={{ display: 'flex', gap: 16, fontSize: 12 }} aria-hidden>
        {curves.map(({ label: name, color, dashed }) => (
          <span key={name}>
            <svg width="18" height="8" aria-hidden="true">
              <line
                x1="0"
                y1="4"
                x2="16"
                y2="4"
                stroke={`var(${color})`}
                strokeWidth="2"
                strokeDasharray={dashed ? '4 3' : undefined}
              />
            </svg>
            {name}
          </span>
        ))}
      </div>
    </figure>
  )
}

function lastValues(curves: readonly Curve[]): string {
  return curves
    .map(
      ({ label, values }) =>
        `${label} ${values.findLast((value) => value !== null)?.toFixed(2) ?? ''}`,
    )
    .join(', ')
}
