/**
 * The window's entry: the connection opens, and what is seen first is asked for, while the rest of
 * the program is read.
 */
import { followEvents } from './transport/followEvents.js'
import { askForTimeline } from './transport/timelineQuery.js'

followEvents()
if (window.location.pathname === '/') askForTimeline()
void import('./app/mount.js').then(({ mount }) => mount(document.getElementById('root')!))
