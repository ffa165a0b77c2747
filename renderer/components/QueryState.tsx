/** Stands where an answer of the engine will: that it is waited for, or why there is none. */
import { Button, Center, Loader, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { describeError } from '../app/describeError.js'
import { text } from '../text/text.js'

interface QueryStateProps {
  readonly queries: readonly Pick<UseQueryResult, 'error' | 'isPending' | 'refetch'>[]
  /** What a failure of any of them means to the person. */
  readonly failed: string
  readonly loading?: string
}

/** Nothing once all of them are answered. */
export function QueryState({ queries, failed, loading = text.app.loading }: QueryStateProps) {
  const broken = queries.filter(({ error }) => error !== null)
  const retry = () => {
    for (const query of broken) void query.refetch()
  }
  if (broken[0]) return <Failure title={failed} error={broken[0].error} onRetry={retry} />
  if (!queries.some(({ isPending }) => isPending)) return null
  return (
    <Center flex={1} p="xl">
      <Stack align="center" gap="sm" c="dimmed">
        <Loader aria-hidden />
        <Text role="status">{loading}</Text>
      </Stack>
    </Center>
  )
}

interface FailureProps {
  readonly title: string
  readonly error: unknown
  readonly onRetry: () => void
}

function Failure({ title, error, onRetry }: FailureProps) {
  return (
    <Center flex={1} p="xl">
      <Stack align="center" maw={460} ta="center" role="alert">
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {describeError(error)}
        </Text>
        <Button variant="default" onClick={onRetry}>
          {text.app.tryAgain}
        </Button>
      </Stack>
    </Center>
  )
}
