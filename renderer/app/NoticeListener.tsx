/** Shows what the engine has to say. */
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { onNotice } from '../transport/followEvents.js'

export function NoticeListener() {
  useEffect(() => onNotice((message) => notifications.show({ message, color: 'yellow' })), [])
  return null
}
