/** Follows the theme that the person has set. */
import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { orpc } from '../transport/engine.js'

export function ThemeSetting() {
  const settings = useQuery(orpc.settings.get.queryOptions())
  const { setColorScheme } = useMantineColorScheme()
  const chosen = settings.data?.theme
  useEffect(() => {
    if (chosen) setColorScheme(chosen === 'system' ? 'auto' : chosen)
  }, [chosen, setColorScheme])
  return null
}
